package import MLOpsTensor

/// The mean and deviation by which batch normalization normalizes: the batch's own, or those gathered in training.
///
/// Source: S. Ioffe, C. Szegedy, "Batch normalization", ICML 2015; the running variance is the unbiased one.
package final class BatchStatistics {
    /// What is added to a variance.
    package static let epsilon: Float = 1e-5
    /// The weight of the newest batch in the running statistics.
    package static let momentum: Float = 0.1

    /// The mean of each channel, `[C]`.
    package let mean: Tensor
    /// 1 / √(variance + ε) of each channel, `[C]`.
    package let inverseDeviation: Tensor
    /// Where the moments of a batch are put before they are taken.
    package let batch: ChannelMoments
    private let scale: Tensor, shift: Tensor
    private let runningMean: Tensor, runningVariance: Tensor

    /// Makes statistics; `parameters` are scale, shift, running mean and running variance.
    package init(_ parameters: [Parameter]) {
        (scale, shift) = (parameters[0].value, parameters[1].value)
        (runningMean, runningVariance) = (parameters[2].value, parameters[3].value)
        mean = Tensor(shape: scale.shape)
        inverseDeviation = Tensor(shape: scale.shape)
        batch = ChannelMoments(channels: scale.count)
    }

    /// Takes the moments in ``batch``, of so many rows, and adds them to the running statistics.
    package func setFromBatch(rows: Int) {
        let unbiased = rows > 1 ? Float(rows) / Float(rows - 1) : 1
        for c in 0..<mean.count {
            let (newMean, newVariance) = (batch.mean.pointer[c], batch.variance.pointer[c])
            mean.pointer[c] = newMean
            inverseDeviation.pointer[c] = 1 / (newVariance + Self.epsilon).squareRoot()
            runningMean.pointer[c] += Self.momentum * (newMean - runningMean.pointer[c])
            runningVariance.pointer[c] += Self.momentum * (newVariance * unbiased - runningVariance.pointer[c])
        }
    }

    /// Takes the running statistics, for prediction.
    package func setFromRunning() {
        for c in 0..<mean.count {
            mean.pointer[c] = runningMean.pointer[c]
            inverseDeviation.pointer[c] = 1 / (runningVariance.pointer[c] + Self.epsilon).squareRoot()
        }
    }

    /// Sets an activation to the normalization, scale and shift.
    package func fill(_ activation: ChannelActivation) {
        for c in 0..<mean.count {
            let factor = scale.pointer[c] * inverseDeviation.pointer[c]
            activation.scale.pointer[c] = factor
            activation.shift.pointer[c] = shift.pointer[c] - mean.pointer[c] * factor
        }
    }
}
