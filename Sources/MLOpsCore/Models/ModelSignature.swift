/// What a model takes and what it gives: names, element types and shapes.
public struct ModelSignature: Sendable, Hashable, Codable {
    /// One input or output.
    public struct TensorSpec: Sendable, Hashable, Codable {
        /// The name by which the tensor is handed over.
        public var name: String
        /// The type of its elements.
        public var elementType: ElementType
        /// The extent of each dimension; −1 where any extent will do, as in the Open Inference Protocol.
        public var shape: [Int]

        /// Makes a spec.
        public init(_ name: String, _ elementType: ElementType, shape: [Int]) {
            self.name = name
            self.elementType = elementType
            self.shape = shape
        }

        /// Throws `invalidArgument`, with what was expected and what was given, when a value does not fit.
        public func check(_ value: TensorValue) throws {
            let fits =
                value.elementType == elementType && value.shape.count == shape.count
                && zip(value.shape, shape).allSatisfy { $1 == -1 || $0 == $1 }
            guard fits else {
                throw MLOpsError(
                    .invalidArgument,
                    "'\(name)' takes \(elementType.rawValue)\(shape), but \(value.elementType.rawValue)\(value.shape) "
                        + "was given.",
                    help: "Give the stated type and shape; −1 stands for any extent.")
            }
        }
    }

    /// What the model takes.
    public var inputs: [TensorSpec]
    /// What the model gives.
    public var outputs: [TensorSpec]

    /// Makes a signature.
    public init(inputs: [TensorSpec], outputs: [TensorSpec]) {
        self.inputs = inputs
        self.outputs = outputs
    }

    /// Throws `invalidArgument` when an input is missing, unknown, or does not fit.
    public func check(inputs values: [String: TensorValue]) throws {
        for spec in inputs {
            guard let value = values[spec.name] else {
                throw MLOpsError(
                    .invalidArgument, "The input '\(spec.name)' is missing; given: \(values.keys.sorted()).",
                    help: "Give every input of \(inputs.map(\.name)).")
            }
            try spec.check(value)
        }
        if let unknown = values.keys.sorted().first(where: { name in !inputs.contains { $0.name == name } }) {
            throw MLOpsError(
                .invalidArgument, "The model has no input '\(unknown)'.", help: "Its inputs are \(inputs.map(\.name)).")
        }
    }
}
