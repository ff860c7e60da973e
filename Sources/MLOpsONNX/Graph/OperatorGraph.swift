internal import MLOpsCore
internal import MLOpsTensor

/// A graph whose nodes are read: every operator checked, and what is known of every value before a run.
struct OperatorGraph: Sendable {
    /// One operator and the names of its values; an empty name leaves one out.
    struct Node: Sendable {
        var name: String
        var op: any Operator
        var inputs: [String]
        var outputs: [String]
        /// What else the operator does, that was a node of its own in the model.
        var fused: [String] = []
    }

    let name: String
    let signature: ModelSignature
    /// The operators, each after those whose outputs it takes.
    var nodes: [Node] = []
    /// What is known of each value, by name.
    var types: [String: ValueType] = [:]

    /// Constants with more elements than this are made in each run, not once when a model is opened.
    private static let foldingLimit = 1 << 24
    /// The same for what is constant for inputs of certain shapes only, and so is kept for each.
    private static let specializedFoldingLimit = 1 << 20

    /// Reads a graph that hangs together; see ``GraphTopology``. What depends on constants alone is computed.
    ///
    /// - Throws: `unsupported` with a list of every node whose operator can't be run; if there is none, an error of
    ///   the code `invalid` with a list of every node that breaks its operator's rules.
    init(_ graph: ModelGraph, operatorSet: Int, invalid: MLOpsError.Code, in context: RunContext) throws {
        (name, signature) = (graph.name, graph.signature)
        for spec in signature.inputs { types[spec.name] = ValueType(spec.elementType, spec.shape) }
        for (name, value) in graph.constants { types[name] = ValueType(try Value(constant: value)) }
        var problems = GraphProblems()
        for node in graph.nodes {
            do { try add(node, operatorSet: operatorSet, in: context) } catch let error as MLOpsError {
                problems.add(error, at: node)
            }
        }
        for output in signature.outputs {
            guard let type = types[output.name], let message = Self.mismatch(output, type) else { continue }
            problems.add(message)
        }
        try problems.check(graph, invalid: invalid)
    }

    /// The same graph for inputs of known shapes: what follows from them is computed, and nobody's work left out.
    ///
    /// - Parameter shapes: the shape of each input, by name.
    /// - Throws: `invalidArgument` or `limitExceeded`, with the node named in the message, when the shapes don't fit.
    func specialized(to shapes: [String: [Int]], in context: RunContext) throws -> OperatorGraph {
        var result = self
        result.nodes = []
        result.types = types.filter { $0.value.constant != nil }
        for spec in signature.inputs {
            result.types[spec.name] = ValueType(spec.elementType, shapes[spec.name] ?? spec.shape)
        }
        for node in nodes {
            let inputs = node.inputs.map { result.types[$0] }
            try node.naming {
                let isFolded = try result.infer(
                    node.op, inputs, node.outputs, foldingUpTo: Self.specializedFoldingLimit, in: context)
                if !isFolded { result.nodes.append(node) }
            }
        }
        result.removeUnused()
        return result
    }

    /// Leaves out operators and constants that no output needs.
    mutating func removeUnused() {
        var needed = Set(signature.outputs.map(\.name))
        var kept: [Node] = []
        for node in nodes.reversed() where node.outputs.contains(where: needed.contains) {
            needed.formUnion(node.inputs)
            kept.append(node)
        }
        nodes = kept.reversed()
        types = types.filter { needed.contains($0.key) || $0.value.constant == nil }
    }

    private mutating func add(_ node: ModelGraph.Node, operatorSet: Int, in context: RunContext) throws {
        guard let type = OperatorTable.operators[node.op] else {
            throw MLOpsError(.unsupported, "it is not known", help: "See ONNXOperators.md for those that are.")
        }
        guard type.operatorSets.contains(operatorSet) else {
            throw MLOpsError(
                .unsupported, "its definition in operator set \(operatorSet) is not the one of \(type.operatorSets)",
                help: "Export the model with operator set 17.")
        }
        guard type.inputCount.contains(node.inputs.count), type.outputCount.contains(node.outputs.count) else {
            throw MLOpsError(
                .invalidArgument,
                "it has \(node.inputs.count) inputs and \(node.outputs.count) outputs, "
                    + "not \(type.inputCount) and \(type.outputCount)", help: "See the ONNX standard.")
        }
        var reader = NodeReader(node, operatorSet: operatorSet)
        let op = try type.init(&reader)
        try reader.finish()
        let inputs = node.inputs.map { types[$0] }
        // After a node that could not be read, nothing is known of what depends on it.
        guard zip(node.inputs, inputs).allSatisfy({ $0.isEmpty || $1 != nil }) else { return }
        if try infer(op, inputs, node.outputs, foldingUpTo: Self.foldingLimit, in: context) { return }
        nodes.append(Node(name: node.name, op: op, inputs: node.inputs, outputs: node.outputs))
    }

    /// Takes down what is known of the outputs of an operator; computes them when all inputs are constants.
    ///
    /// - Returns: whether they are constants now.
    private mutating func infer(
        _ op: any Operator, _ inputs: [ValueType?], _ outputs: [String], foldingUpTo limit: Int, in context: RunContext
    ) throws -> Bool {
        let results = try op.infer(inputs)
        var isSmall = true
        for result in results {
            let shape = (result.shape ?? []).map { max($0, 0) }
            let count = try context.limits.elementCount(of: shape, in: "a result")
            isSmall = isSmall && result.shape?.contains(-1) == false && count <= limit
        }
        for (name, result) in zip(outputs, results) where !name.isEmpty { types[name] = result }
        if zip(outputs, results).allSatisfy({ $0.isEmpty || $1.constant != nil }) { return true }
        guard isSmall, inputs.allSatisfy({ $0 == nil || $0?.constant != nil }) else { return false }
        let values = try op.run(inputs.map { $0?.constant }, in: context)
        for (name, value) in zip(outputs, values) where !name.isEmpty { types[name] = ValueType(value) }
        return true
    }

    private static func mismatch(_ spec: ModelSignature.TensorSpec, _ type: ValueType) -> String? {
        let fits =
            type.shape.map { shape in
                shape.count == spec.shape.count
                    && zip(shape, spec.shape).allSatisfy { $0 == $1 || $0 == -1 || $1 == -1 }
            } ?? true
        if type.elementType == spec.elementType, fits { return nil }
        return "the output '\(spec.name)' is stated as \(spec.elementType.rawValue)\(spec.shape), "
            + "but the graph makes \(type.elementType.rawValue)\(type.shape ?? [])"
    }
}

extension OperatorGraph.Node {
    /// Does something with the node, and names it in an error's message.
    func naming<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch var error as MLOpsError {
            error.message = "'\(name)' (\(type(of: op).name)): \(error.message)"
            throw error
        }
    }
}
