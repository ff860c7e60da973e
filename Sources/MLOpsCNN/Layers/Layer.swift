package import MLOpsCore
package import MLOpsTensor

/// A layer at work: it keeps its weights, and between forward and backward what it needs of its input.
///
/// Promises of a conformer:
/// - The tensors that it gives back are its own, the same ones at every step of one batch size: they are allocated
///   at the first step, and hold until the next call.
/// - `backward` belongs to the last `forward`, sets the gradients of the parameters, and may overwrite the gradient
///   that it is given.
package protocol Layer: AnyObject {
    /// What the layer has learned or gathered, in the order of ``NetworkSpec/parameters(for:)``.
    var parameters: [Parameter] { get }
    /// The output for an input [N, …].
    func forward(_ input: Tensor, _ pass: Pass, compute: Compute) -> Tensor
    /// The gradient for the input, given that for the output; `nil` when nobody needs it.
    func backward(_ gradient: Tensor, compute: Compute) -> Tensor?
}

/// What a forward pass is for.
package enum Pass: Sendable {
    /// Prediction: statistics and weights stay as they are.
    case inference
    /// A step of training; what is drawn at random depends on the seed and the step.
    case training(seed: UInt64, step: Int)

    /// Whether it is a step of training.
    package var isTraining: Bool {
        if case .training = self { true } else { false }
    }
}

/// A tensor that a layer holds, with its gradient.
package final class Parameter {
    /// Its name, role and shape.
    package let spec: ParameterSpec
    /// The elements.
    package let value: Tensor
    /// The gradient of the loss, as the last backward pass set it.
    package let gradient: Tensor

    /// Makes a parameter of zeros.
    package init(_ spec: ParameterSpec) {
        self.spec = spec
        value = Tensor(shape: spec.shape)
        gradient = Tensor(shape: spec.role.isLearned ? spec.shape : [0])
    }

    /// Sets the start of a training: random weights by their number of inputs, everything else plain.
    ///
    /// Source: K. He et al., "Delving deep into rectifiers", ICCV 2015.
    package func initialize(using generator: SeededGenerator) {
        switch spec.role {
        case .weights:
            var generator = generator
            let inputs = spec.shape.dropLast().reduce(1, *)
            let deviation = (2 / Double(max(1, inputs))).squareRoot()
            for i in 0..<value.count { value.pointer[i] = Float(deviation * generator.normal()) }
        case .scale, .variance: value.fill(1)
        case .bias, .shift, .mean: value.fill(0)
        }
    }
}

/// Tensors that are made once for each shape and used again.
package struct TensorPool {
    private var tensors: [[Int]: Tensor] = [:]

    /// Makes an empty pool.
    package init() {}

    /// The tensor of a shape; it holds what it last held.
    package mutating func tensor(_ shape: [Int]) -> Tensor {
        if let tensor = tensors[shape] { return tensor }
        let tensor = Tensor(shape: shape)
        tensors[shape] = tensor
        return tensor
    }
}
