internal import MLOpsCore
package import MLOpsTensor

/// A network at work: the layers of a description, with their weights and the memory that they work in.
package final class Network {
    /// The shape of an example.
    package let input: FeatureShape
    /// Every tensor of the network, in the order of ``NetworkSpec/parameters(for:)``.
    package let parameters: [Parameter]
    /// Those that an optimizer changes.
    package let learned: [Parameter]
    /// Those that only predict, and come first.
    private let frozen: [any Layer]
    private let layers: [any Layer]
    private let classes: Int
    private var inputs = TensorPool()
    private var gradients = TensorPool()

    /// Builds a network with weights drawn from a seed.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when the description can't take pictures of that shape.
    package convenience init(
        _ spec: NetworkSpec, input: FeatureShape, seed: UInt64, frozenLayers: Int = 0
    ) throws {
        try self.init(spec, input: input, frozenLayers: frozenLayers)
        for (index, parameter) in parameters.enumerated() {
            parameter.initialize(using: SeededGenerator(seed: seed, SeedPath.weights, UInt64(index)))
        }
    }

    /// Builds the network of a model.
    package convenience init(_ model: CNNModel, frozenLayers: Int = 0) throws {
        try self.init(model.spec, input: model.preprocessing.inputShape, frozenLayers: frozenLayers)
        setValues(model.weights.map(\.values))
    }

    private init(_ spec: NetworkSpec, input: FeatureShape, frozenLayers: Int) throws {
        let placed = try spec.placed(for: input)
        let parameters = try spec.parameters(for: input).map { Parameter($0) }
        self.input = input
        self.parameters = parameters
        let still = Set(placed.prefix(frozenLayers).flatMap(\.all).map(\.index))
        learned = parameters.filter { $0.spec.role.isLearned && !still.contains($0.spec.layer) }
        classes = placed[placed.count - 1].output.channels
        let byLayer = Dictionary(grouping: parameters, by: \.spec.layer)
        frozen = Self.layers(Array(placed.prefix(frozenLayers)), byLayer, givingInputGradient: false)
        layers = Self.layers(Array(placed.dropFirst(frozenLayers)), byLayer, givingInputGradient: false)
    }

    /// The tensor [N, H, W, C] to put pictures in.
    package func input(batchSize: Int) -> Tensor { inputs.tensor(input, batch: batchSize) }

    /// The tensor [N, classes] to put the gradient for the logits in.
    package func logitsGradient(batchSize: Int) -> Tensor {
        gradients.tensor(FeatureShape(vector: classes), batch: batchSize)
    }

    /// The logits [N, classes]; they hold until the next pass.
    package func forward(_ input: Tensor, _ pass: Pass, compute: Compute) -> Tensor {
        let start = frozen.reduce(Features(input)) { $1.forward($0, .inference, compute: compute) }
        return layers.reduce(start) { $1.forward($0, pass, compute: compute) }.plain
    }

    /// Sets the gradient of every learned parameter, given that for the logits, which is overwritten.
    package func backward(_ gradient: Tensor, compute: Compute) {
        var gradient = gradient
        for layer in layers.reversed() {
            guard let next = layer.backward(gradient, compute: compute) else { return }
            gradient = next
        }
    }

    /// Sets the elements of every parameter.
    package func setValues(_ values: [[Float]]) {
        precondition(values.count == parameters.count, "\(values.count) tensors for \(parameters.count) parameters")
        for (parameter, elements) in zip(parameters, values) {
            precondition(elements.count == parameter.value.count, "\(parameter.spec.name) has other elements")
            parameter.markChanged()
            elements.withUnsafeBufferPointer { buffer in
                if let start = buffer.baseAddress { parameter.value.pointer.update(from: start, count: buffer.count) }
            }
        }
    }

    /// Shortens the gradient of all parameters together to a greatest length.
    package func clipGradients(to limit: Double) {
        var squares = 0.0
        for parameter in learned {
            for i in 0..<parameter.gradient.count {
                squares += Double(parameter.gradient.pointer[i]) * Double(parameter.gradient.pointer[i])
            }
        }
        let length = squares.squareRoot()
        guard length > limit else { return }
        let factor = Float(limit / (length + 1e-6))
        for parameter in learned {
            for i in 0..<parameter.gradient.count { parameter.gradient.pointer[i] *= factor }
        }
    }
}
