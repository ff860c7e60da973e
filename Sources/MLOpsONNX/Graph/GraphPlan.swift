internal import MLOpsCore
internal import MLOpsTensor

/// A graph made ready to run: every operator checked and prepared, every value given a place.
struct GraphPlan: Sendable {
    /// One operator and the places of its values.
    struct Step: Sendable {
        var name: String
        var op: any Operator
        /// −1 for an input that is left out.
        var inputs: [Int]
        /// −1 for an output that nobody asks for.
        var outputs: [Int]
        /// The places that no later step reads.
        var lastUses: [Int] = []
    }

    private(set) var signature: ModelSignature
    private(set) var steps: [Step] = []
    /// What is known of each value, by name.
    private(set) var types: [String: ValueType] = [:]
    /// The values that are the same in every run, each at its place; `nil` elsewhere.
    private(set) var initialValues: [Value?] = []
    private(set) var places: [String: Int] = [:]
    private var stepNodes: [ModelGraph.Node] = []

    /// Constants with more elements than this are made in each run, not once at the start.
    private static let foldingLimit = 1 << 24

    /// Plans a graph that hangs together; see ``GraphTopology``.
    ///
    /// - Throws: `unsupported` with a list of every node whose operator can't be run; if there is none, an error of
    ///   the code `invalid` with a list of every node that breaks its operator's rules.
    init(_ graph: ModelGraph, operatorSet: Int, invalid: MLOpsError.Code, in context: RunContext) throws {
        signature = graph.signature
        for spec in graph.signature.inputs { types[spec.name] = ValueType(spec.elementType, spec.shape) }
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
        givePlaces(graph)
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
        let results = try op.infer(inputs)
        for result in results {
            let shape = (result.shape ?? []).map { max($0, 0) }
            try context.limits.elementCount(of: shape, in: "a result")
        }
        for (name, result) in zip(node.outputs, results) where !name.isEmpty { types[name] = result }
        if try fold(op, node, inputs, results, in: context) { return }
        steps.append(Step(name: node.name, op: try op.prepared(for: inputs), inputs: [], outputs: []))
        stepNodes.append(node)
    }

    /// Runs an operator all of whose inputs are constants; its outputs then are constants too.
    private mutating func fold(
        _ op: any Operator, _ node: ModelGraph.Node, _ inputs: [ValueType?], _ results: [ValueType],
        in context: RunContext
    ) throws -> Bool {
        let isSmall = results.allSatisfy { result in
            guard let shape = result.shape, !shape.contains(-1), let count = try? TensorValue.elementCount(of: shape)
            else { return false }
            return count <= Self.foldingLimit
        }
        guard isSmall, inputs.allSatisfy({ $0 == nil || $0?.constant != nil }) else { return false }
        let values = try op.run(inputs.map { $0?.constant }, in: context)
        for (name, value) in zip(node.outputs, values) where !name.isEmpty { types[name] = ValueType(value) }
        return true
    }

    private mutating func givePlaces(_ graph: ModelGraph) {
        func place(of name: String, in plan: inout GraphPlan) -> Int {
            if name.isEmpty { return -1 }
            if let place = plan.places[name] { return place }
            let place = plan.initialValues.count
            plan.places[name] = place
            plan.initialValues.append(plan.types[name]?.constant)
            return place
        }
        for spec in signature.inputs + signature.outputs { _ = place(of: spec.name, in: &self) }
        for (index, node) in stepNodes.enumerated() {
            steps[index].inputs = node.inputs.map { place(of: $0, in: &self) }
            steps[index].outputs = node.outputs.map { place(of: $0, in: &self) }
        }
        var kept = Set((signature.inputs + signature.outputs).compactMap { places[$0.name] })
        for index in steps.indices.reversed() {
            let used = Set(steps[index].inputs + steps[index].outputs).subtracting([-1])
            steps[index].lastUses = used.filter { kept.insert($0).inserted && initialValues[$0] == nil }.sorted()
        }
        stepNodes = []
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
