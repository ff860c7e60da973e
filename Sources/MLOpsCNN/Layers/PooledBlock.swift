package import MLOpsTensor

/// A convolution block and a max pooling of 2 × 2 as one layer: a prediction writes only the maxima, and the
/// gradient of the pooling is written where the block sums it.
package final class PooledBlock: Layer {
    package var parameters: [Parameter] { block.parameters }
    private let block: ConvolutionBlock
    private let pool: MaxPool
    private let output: FeatureShape
    private var outputs = TensorPool()

    /// Makes the layer of two, the first of which gives features with even sides.
    package init(_ block: ConvolutionBlock, _ pool: MaxPool, output: FeatureShape) {
        (self.block, self.pool, self.output) = (block, pool, output)
    }

    package func forward(_ input: Features, _ pass: Pass, compute: Compute) -> Features {
        if pass.isTraining { return pool.forward(block.forward(input, pass, compute: compute), pass, compute: compute) }
        let y = outputs.tensor(output, batch: input.values.shape[0])
        block.predictMaxima(input, into: y, compute: compute)
        return Features(y)
    }

    package func backward(_ gradient: Tensor, compute: Compute) -> Tensor? {
        let (pooled, dx) = pool.unwritten(gradient)
        return block.backward(dx, of: pooled, compute: compute)
    }
}
