public import MLOpsCore

/// A model as a list of operators on named tensors, with its constants: what a trainer hands to a serializer.
///
/// Operators have the names, inputs, attributes and layouts (NCHW, OIHW) of the ONNX standard operator set 17, so that
/// everybody who knows ONNX can read a graph, and writing one to a file changes nothing.
public struct ModelGraph: Sendable, Hashable {
    /// One operator.
    public struct Node: Sendable, Hashable {
        /// A unique name, for messages.
        public var name: String
        /// The ONNX operator, such as `Conv`.
        public var op: String
        /// The names of the tensors it takes; an empty name leaves out an optional one. An operator with a graph
        /// inside also takes, after its own, the tensors that the graph takes from around it: its ``captures``.
        public var inputs: [String]
        /// The names of the tensors it gives.
        public var outputs: [String]
        /// Its attributes, by name.
        public var attributes: [String: Attribute]

        /// Makes a node.
        public init(
            _ op: String, name: String, inputs: [String], outputs: [String], attributes: [String: Attribute] = [:]
        ) {
            self.name = name
            self.op = op
            self.inputs = inputs
            self.outputs = outputs
            self.attributes = attributes
        }
    }

    /// The value of an attribute.
    public enum Attribute: Sendable, Hashable {
        /// A whole number.
        case int(Int)
        /// A real number.
        case float(Float)
        /// Bytes, mostly text in UTF-8.
        case string(String)
        /// Whole numbers.
        case ints([Int])
        /// Real numbers.
        case floats([Float])
        /// Texts.
        case strings([String])
        /// A tensor.
        case tensor(TensorValue)
        /// A graph that the operator runs, such as a branch or the body of a loop.
        case graph(Body)
    }

    /// The name of the graph.
    public var name: String
    /// What it takes and gives; a batch dimension is −1.
    public var signature: ModelSignature
    /// The operators, each after those whose outputs it takes.
    public var nodes: [Node]
    /// The constants, by name: weights and the like.
    public var constants: [String: TensorValue]
    /// Texts to carry along, such as lineage ids.
    public var metadata: [String: String]

    /// Makes a graph.
    public init(
        name: String, signature: ModelSignature, nodes: [Node] = [], constants: [String: TensorValue] = [:],
        metadata: [String: String] = [:]
    ) {
        self.name = name
        self.signature = signature
        self.nodes = nodes
        self.constants = constants
        self.metadata = metadata
    }
}
