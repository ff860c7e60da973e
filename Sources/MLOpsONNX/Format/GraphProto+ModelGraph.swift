internal import MLOpsCore
internal import MLOpsTensor

extension ONNXGraphProto {
    /// A graph with its constants and attributes sorted by name, and the types of the values between its operators.
    init(_ graph: ModelGraph, types: [String: ValueType]) throws {
        self.init()
        name = graph.name
        node = try graph.nodes.map { try ONNXNodeProto($0) }
        initializer = try graph.constants.sorted { $0.key < $1.key }.map { try ONNXTensorProto($1, name: $0) }
        input = graph.signature.inputs.map { ONNXValueInfoProto($0) }
        output = graph.signature.outputs.map { ONNXValueInfoProto($0) }
        let stated = Set(graph.signature.outputs.map(\.name))
        valueInfo = graph.nodes.flatMap(\.outputs).filter { !$0.isEmpty && !stated.contains($0) }.compactMap { name in
            guard let type = types[name], let shape = type.shape else { return nil }
            return ONNXValueInfoProto(ModelSignature.TensorSpec(name, type.elementType, shape: shape))
        }
    }
}

extension ONNXNodeProto {
    /// A node with its attributes sorted by name.
    init(_ node: ModelGraph.Node) throws {
        self.init()
        name = node.name
        (domain, opType) = OperatorSets.split(node.op)
        input = node.inputs.dropLast(node.captures.count)
        output = node.outputs
        attribute = try node.attributes.sorted { $0.key < $1.key }.map { try ONNXAttributeProto($0, $1) }
    }
}
