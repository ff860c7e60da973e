/// The description of a network: its layers from picture to logits, as a list.
///
///     let spec = NetworkSpec("tiny", [.convolution(filters: 8), .relu, .globalAveragePool, .dense(units: 2)])
public struct NetworkSpec: Sendable, Hashable, Codable {
    /// The name of the architecture.
    public var name: String
    /// The layers, in the order in which data pass them; the last is dense, with a unit for each class.
    public var layers: [LayerSpec]

    /// Describes a network.
    public init(_ name: String, _ layers: [LayerSpec]) {
        self.name = name
        self.layers = layers
    }

    /// The number of classes: the units of the last layer; `nil` when that is not dense.
    public var classes: Int? {
        guard case .dense(let units) = layers.last else { return nil }
        return units
    }

    /// The shape before the first layer and after each layer.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when a layer can't take what comes, when the network does not
    ///   end in a dense layer, or when an example takes more than 2²⁸ values somewhere.
    public func shapes(for input: FeatureShape) throws -> [FeatureShape] {
        [input] + (try placed(for: input).map(\.output))
    }

    /// The number of learned values for pictures of a shape.
    public func parameterCount(for input: FeatureShape) throws -> Int {
        try parameters(for: input).reduce(0) { $0 + ($1.role.isLearned ? $1.count : 0) }
    }
}
