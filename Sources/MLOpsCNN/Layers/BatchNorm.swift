package import MLOpsTensor

/// Normalizes each channel over the batch while training, by running statistics when predicting.
///
/// Source: S. Ioffe, C. Szegedy, "Batch normalization", ICML 2015; the running variance is the unbiased one.
package final class BatchNorm: Layer {
    /// What is added to a variance.
    package static let epsilon: Float = 1e-5
    /// The weight of the newest batch in the running statistics.
    package static let momentum: Float = 0.1

    package let parameters: [Parameter]
    private let batchMean: Tensor
    private let inverseDeviation: Tensor
    private var input: Tensor?
    private var outputs = TensorPool()

    /// Makes the layer; `parameters` are its scale, shift, running mean and running variance.
    package init(_ parameters: [Parameter]) {
        self.parameters = parameters
        batchMean = Tensor(shape: parameters[0].spec.shape)
        inverseDeviation = Tensor(shape: parameters[0].spec.shape)
    }

    package func forward(_ input: Tensor, _ pass: Pass, compute: Compute) -> Tensor {
        self.input = input
        let y = outputs.tensor(input.shape)
        let (scale, shift) = (parameters[0].value, parameters[1].value)
        let (mean, variance) = (parameters[2].value.pointer, parameters[3].value.pointer)
        let channels = scale.count
        guard pass.isTraining else {
            let (factor, summand) = (inverseDeviation, batchMean)
            for c in 0..<channels {
                factor.pointer[c] = scale.pointer[c] / (variance[c] + Self.epsilon).squareRoot()
                summand.pointer[c] = shift.pointer[c] - mean[c] * factor.pointer[c]
            }
            compute.scaleAndShift(input, scale: factor, shift: summand, into: y)
            return y
        }
        compute.batchNorm(
            input, scale: scale, offset: shift, epsilon: Self.epsilon, into: y, mean: batchMean,
            inverseDeviation: inverseDeviation)
        let rows = Float(input.count / channels)
        let unbiased = rows > 1 ? rows / (rows - 1) : 1
        for c in 0..<channels {
            let inverse = inverseDeviation.pointer[c]
            let spread = max(0, 1 / (inverse * inverse) - Self.epsilon) * unbiased
            mean[c] += Self.momentum * (batchMean.pointer[c] - mean[c])
            variance[c] += Self.momentum * (spread - variance[c])
        }
        return y
    }

    package func backward(_ gradient: Tensor, compute: Compute) -> Tensor? {
        guard let input else { preconditionFailure("backward comes after forward") }
        compute.batchNormBackward(
            gradient, input, scale: parameters[0].value, mean: batchMean, inverseDeviation: inverseDeviation,
            into: gradient, dScale: parameters[0].gradient, dOffset: parameters[1].gradient)
        return gradient
    }
}
