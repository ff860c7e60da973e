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
    /// The labels of columns, by the name of an output.
    private(set) var labels: [String: TensorValue] = [:]
    private var stepNodes: [ModelGraph.Node] = []

    /// Plans a graph that hangs together; see ``GraphTopology``.
    ///
    /// - Throws: `unsupported` with a list of every node whose operator can't be run; if there is none, an error of
    ///   the code `invalid` with a list of every node that breaks its operator's rules.
    init(_ graph: ModelGraph, _ sets: OperatorSets, invalid: MLOpsError.Code, in context: RunContext) throws {
        signature = graph.signature
        for spec in graph.signature.inputs { types[spec.name] = ValueType(spec.elementType, spec.shape) }
        for (name, value) in graph.constants { types[name] = ValueType(try Value(constant: value)) }
        var problems = GraphProblems()
        for node in graph.nodes {
            do { try add(node, sets, in: context) } catch let error as MLOpsError {
                problems.add(error, at: node)
            }
        }
        for output in signature.outputs {
            guard let type = types[output.name], let message = Self.mismatch(output, type) else { continue }
            problems.add(message)
        }
        try problems.check(graph.name, invalid: invalid)
        givePlaces(graph)
    }

    private mutating func add(_ node: ModelGraph.Node, _ sets: OperatorSets, in context: RunContext) throws {
        guard let planned = try PlannedNode(node, sets, types: types, in: context) else { return }
        for (name, result) in zip(node.outputs, planned.results) where !name.isEmpty { types[name] = result }
        if let labels = planned.op.columnLabels, let output = node.outputs.first { self.labels[output] = labels }
        if planned.isConstant { return }
        let inputs = node.inputs.map { types[$0] }
        steps.append(Step(name: node.name, op: try planned.op.prepared(for: inputs), inputs: [], outputs: []))
        stepNodes.append(node)
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
        if type.form != .tensor, type.form != .labeledColumns {
            return "the output '\(spec.name)' is stated as a tensor, but the graph makes a \(type.form.rawValue)"
        }
        if type.elementType == spec.elementType, fits { return nil }
        return "the output '\(spec.name)' is stated as \(spec.elementType.rawValue)\(spec.shape), "
            + "but the graph makes \(type.elementType.rawValue)\(type.shape ?? [])"
    }
}
