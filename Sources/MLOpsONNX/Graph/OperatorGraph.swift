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

    /// The labels of columns, by the name of an output.
    private(set) var labels: [String: TensorValue] = [:]

    /// What is constant for inputs of certain shapes only, and so is kept for each, has at most as many elements.
    static let specializedFoldingLimit = 1 << 20

    /// Reads a graph that hangs together; see ``GraphTopology``. What depends on constants alone is computed.
    ///
    /// Each constant is let go when it is taken in, so that a caller who hands over its last graph does not keep both.
    ///
    /// Constants that are stored in the file are loaded when an operator takes them; those that are laid out for kernels
    /// stay there until then, see ``loadStored()``.
    ///
    /// - Parameters:
    ///   - stored: constants that are in a file, by name.
    ///   - keepsQuantized: whether quantized constants stay so, until ``specialized(to:foldingUpTo:in:)``.
    /// - Throws: `unsupported` with a list of every node whose operator can't be run; if there is none, an error of
    ///   the code `invalid` with a list of every node that breaks its operator's rules.
    init(
        _ graph: consuming ModelGraph, stored: [String: StoredTensor] = [:], _ sets: OperatorSets,
        invalid: MLOpsError.Code, keepsQuantized: Bool = false, in context: RunContext
    ) throws {
        (name, signature) = (graph.name, graph.signature)
        for spec in signature.inputs { types[spec.name] = ValueType(spec.elementType, spec.shape) }
        for name in Array(graph.constants.keys) {
            guard let value = graph.constants.removeValue(forKey: name) else { continue }
            types[name] = ValueType(try Value(constant: value))
        }
        for (name, tensor) in stored { types[name] = ValueType(Value(stored: tensor)) }
        var problems = GraphProblems()
        for node in graph.nodes {
            do { try add(node, sets, keepsQuantized, in: context) } catch let error as MLOpsError {
                problems.add(error, at: node)
            }
        }
        for output in signature.outputs {
            guard let type = types[output.name], let message = Self.mismatch(output, type) else { continue }
            problems.add(message)
        }
        try problems.check(name, invalid: invalid)
    }

    /// The same graph for inputs of known shapes: what follows from them is computed, and nobody's work left out.
    ///
    /// - Parameters:
    ///   - shapes: the shape of each input, by name.
    ///   - limit: values with more elements are computed in each run.
    /// - Throws: `invalidArgument` or `limitExceeded`, with the node named in the message, when the shapes don't fit.
    func specialized(
        to shapes: [String: [Int]], foldingUpTo limit: Int = specializedFoldingLimit, in context: RunContext
    ) throws -> OperatorGraph {
        var result = self
        result.nodes = []
        result.types = types.filter { $0.value.constant != nil }
        for spec in signature.inputs {
            result.types[spec.name] = ValueType(spec.elementType, shapes[spec.name] ?? spec.shape)
        }
        for node in nodes {
            let inputs = node.inputs.map { result.types[$0] }
            try node.naming {
                let planned = try PlannedNode(
                    node.op, inputs, node.outputs, foldingUpTo: limit, in: context)
                result.take(planned.results, node.outputs)
                if !planned.isConstant { result.nodes.append(node) }
            }
        }
        result.removeUnused()
        return result
    }

    /// Loads the constants that are still stored in a file.
    mutating func loadStored() throws {
        for (name, type) in types where type.constant?.isStored == true { try load(name) }
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

    private mutating func load(_ name: String) throws {
        guard let constant = types[name]?.constant else { return }
        types[name]?.constant = try constant.loaded()
    }

    private mutating func add(
        _ node: ModelGraph.Node, _ sets: OperatorSets, _ keepsQuantized: Bool, in context: RunContext
    ) throws {
        let packsWeights = OperatorTable.operators[node.op]?.packsWeights == true
        for (index, name) in node.inputs.enumerated() where types[name]?.constant?.isStored == true {
            if !packsWeights || index != 1 { try load(name) }
        }
        guard
            let planned = try PlannedNode(node, sets, types: types, keepsQuantized: keepsQuantized, in: context)
        else { return }
        take(planned.results, node.outputs)
        if let labels = planned.op.columnLabels, let output = node.outputs.first { self.labels[output] = labels }
        if planned.isConstant { return }
        nodes.append(Node(name: node.name, op: planned.op, inputs: node.inputs, outputs: node.outputs))
    }

    private mutating func take(_ results: [ValueType], _ outputs: [String]) {
        for (name, result) in zip(outputs, results) where !name.isEmpty { types[name] = result }
    }

    private static func mismatch(_ spec: ModelSignature.TensorSpec, _ type: ValueType) -> String? {
        let fits =
            type.shape.map { shape in
                shape.count == spec.shape.count
                    && zip(shape, spec.shape).allSatisfy { $0 == $1 || $0 == -1 || $1 == -1 }
            } ?? true
        if type.form != .tensor, type.form != .labeledColumns {
            return "the output '\(spec.name)' is stated as a tensor, but the graph makes a \(type.form.rawValue)"
        }
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
