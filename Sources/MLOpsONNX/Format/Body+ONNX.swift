internal import MLOpsCore
internal import MLOpsTensor

extension ModelGraph.Body {
    /// Reads a graph inside an operator; the types that it states for its values are not needed.
    init(_ source: ONNXGraphProto, limits: ONNXLimits) throws {
        guard source.sparseInitializer.isEmpty else {
            throw MLOpsError(
                .unsupported, "The graph '\(source.name)' has sparse constants.",
                help: "Export the model with dense ones.")
        }
        var source = source
        let constants = try ONNXDocument.constants(of: &source, limits: limits)
        self.init(
            inputs: source.input.map(\.name), outputs: source.output.map(\.name),
            nodes: try ONNXDocument.nodes(of: source, limits: limits),
            constants: constants)
        for name in inputs + outputs { try limits.checkName(name) }
    }
}

extension ONNXGraphProto {
    /// The number of operators, those of the graphs inside of operators included.
    var nodeCount: Int {
        node.reduce(0) { sum, node in
            node.attribute.reduce(sum + 1) { $1.type == .graph ? $0 + $1.g.nodeCount : $0 }
        }
    }
}
