internal import MLOpsCore
package import MLOpsTensor

/// Sets values to zero at random while training, and scales the others so that the mean stays.
package final class Dropout: Layer {
    package let parameters: [Parameter] = []
    private let rate: Double
    private let index: Int
    private var mask: Tensor?
    private var masks = TensorPool()
    private var outputs = TensorPool()

    /// Makes the layer; what it draws depends on the seed, the step and `index`, its place in the network.
    package init(rate: Double, index: Int) {
        self.rate = rate
        self.index = index
    }

    package func forward(_ input: Features, _ pass: Pass, compute: Compute) -> Features {
        guard case .training(let seed, let step) = pass, rate > 0 else {
            mask = nil
            return input
        }
        let x = input.plain
        let mask = masks.tensor(x.shape)
        let rows = x.shape[0]
        let length = x.count / max(1, rows)
        let kept = Float(1 / (1 - rate))
        let work = (mask, length, seed, UInt64(step), UInt64(index), rate, kept)
        compute.parallel(tasks: rows, with: work) { work, row in
            let (mask, length, seed, step, index, rate, kept) = work
            var generator = SeededGenerator(seed: seed, SeedPath.dropout, step, index, UInt64(row))
            let values = mask.pointer + row * length
            for i in 0..<length { values[i] = generator.uniform() < rate ? 0 : kept }
        }
        let y = outputs.tensor(x.shape)
        compute.multiply(x, mask, into: y)
        self.mask = mask
        return Features(y)
    }

    package func backward(_ gradient: Tensor, compute: Compute) -> Tensor? {
        if let mask { compute.multiply(gradient, mask, into: gradient) }
        return gradient
    }
}
