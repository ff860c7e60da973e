package import MLOpsCore
package import MLOpsTensor

/// A tensor that a layer holds, with its gradient.
package final class Parameter {
    /// Its name, role and shape.
    package let spec: ParameterSpec
    /// The elements.
    package let value: Tensor
    /// The gradient of the loss, as the last backward pass set it.
    package let gradient: Tensor

    /// Changes whenever the elements are set or learned, so that what was made of them can be made anew.
    package private(set) var version = 0

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
        markChanged()
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

    /// Says that the elements have been changed.
    package func markChanged() { version += 1 }
}
