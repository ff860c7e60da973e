package import MLOpsTensor

/// Normalizes each channel over the batch while training, by running statistics when predicting.
package final class BatchNorm: Layer {
    package let parameters: [Parameter]
    private let statistics: BatchStatistics
    private let normalization: ChannelActivation
    private var input: Tensor?
    private var outputs = TensorPool()

    /// Makes the layer; `parameters` are its scale, shift, running mean and running variance.
    package init(_ parameters: [Parameter]) {
        self.parameters = parameters
        statistics = BatchStatistics(parameters)
        normalization = ChannelActivation(channels: parameters[0].spec.count)
    }

    package func forward(_ input: Features, _ pass: Pass, compute: Compute) -> Features {
        let x = input.plain
        self.input = x
        let y = outputs.tensor(x.shape)
        if pass.isTraining {
            compute.channelMoments(x, into: statistics.batch)
            statistics.setFromBatch(rows: x.rows)
        } else {
            statistics.setFromRunning()
        }
        statistics.fill(normalization)
        compute.scaleAndShift(x, scale: normalization.scale, shift: normalization.shift, into: y)
        return Features(y)
    }

    package func backward(_ gradient: Tensor, compute: Compute) -> Tensor? {
        guard let input else { preconditionFailure("backward comes after forward") }
        compute.batchNormBackward(
            gradient, input, scale: parameters[0].value, mean: statistics.mean,
            inverseDeviation: statistics.inverseDeviation, into: gradient, dScale: parameters[0].gradient,
            dOffset: parameters[1].gradient)
        return gradient
    }
}
