public import MLOpsCore

extension ModelGraph {
    /// A graph inside an operator. Beside its own inputs it sees the tensors around it, by name.
    public struct Body: Sendable, Hashable {
        /// The names of its inputs, whose types follow from what the operator hands over.
        public var inputs: [String]
        /// The names of its outputs.
        public var outputs: [String]
        /// The operators, each after those whose outputs it takes.
        public var nodes: [Node]
        /// The constants, by name.
        public var constants: [String: TensorValue]

        /// Makes a body.
        public init(
            inputs: [String] = [], outputs: [String], nodes: [Node] = [], constants: [String: TensorValue] = [:]
        ) {
            self.inputs = inputs
            self.outputs = outputs
            self.nodes = nodes
            self.constants = constants
        }

        /// The names that it takes from around it, in the order of their first use.
        public var captures: [String] {
            var known = Set(inputs).union(constants.keys)
            var found: [String] = []
            func use(_ name: String) {
                if !name.isEmpty, known.insert(name).inserted { found.append(name) }
            }
            for node in nodes {
                node.inputs.forEach(use)
                known.formUnion(node.outputs)
            }
            outputs.forEach(use)
            return found
        }
    }
}

extension ModelGraph.Node {
    /// The graphs inside the operator, by the name of their attribute.
    public var bodies: [(name: String, body: ModelGraph.Body)] {
        attributes.sorted { $0.key < $1.key }.compactMap { name, attribute in
            if case .graph(let body) = attribute { (name, body) } else { nil }
        }
    }

    /// The names that the graphs inside the operator take from around it, each once.
    public var captures: [String] {
        var known = Set<String>()
        return bodies.flatMap(\.body.captures).filter { known.insert($0).inserted }
    }
}
