internal import MLOpsCore
internal import MLOpsTensor

/// A graph inside an operator, made ready to run: a branch or the body of a loop.
struct BodyPlan: Sendable {
    /// One operator and the places of its values; −1 for one that is left out.
    private struct Step: Sendable {
        var name: String
        var op: any Operator
        var inputs: [Int]
        var outputs: [Int]
    }

    /// What is known of the outputs.
    private(set) var outputTypes: [ValueType] = []
    private var steps: [Step] = []
    private var initialValues: [Value?] = []
    private var inputPlaces: [Int] = []
    private var capturePlaces: [Int] = []
    private var outputPlaces: [Int] = []

    /// Plans a body.
    ///
    /// - Parameters:
    ///   - name: that of the attribute, for messages.
    ///   - inputs: what is known of the inputs.
    ///   - captures: what is known of the values around it that the operator is given, by name.
    /// - Throws: `unsupported` or `invalidArgument`, listing what is wrong with its operators.
    init(
        _ body: ModelGraph.Body, name: String, inputs: [ValueType], captures: [(name: String, type: ValueType?)],
        _ sets: OperatorSets, in context: RunContext
    ) throws {
        guard body.inputs.count == inputs.count else {
            throw MLOpsError(
                .invalidArgument, "The graph '\(name)' has \(body.inputs.count) inputs, not \(inputs.count).",
                help: "Give it as many inputs as the operator hands over.")
        }
        var types: [String: ValueType] = [:]
        for (name, type) in captures { types[name] = type }
        for (name, value) in body.constants { types[name] = ValueType(try Value(constant: value)) }
        for (name, type) in zip(body.inputs, inputs) { types[name] = type }
        var problems = GraphProblems()
        var planned: [(ModelGraph.Node, any Operator)] = []
        for node in body.nodes {
            do {
                guard let made = try PlannedNode(node, sets, types: types, in: context) else { continue }
                for (name, type) in zip(node.outputs, made.results) where !name.isEmpty { types[name] = type }
                if made.isConstant { continue }
                planned.append((node, try made.op.prepared(for: node.inputs.map { types[$0] })))
            } catch let error as MLOpsError { problems.add(error, at: node) }
        }
        try problems.check(name, invalid: .invalidArgument)
        outputTypes = try body.outputs.map { output in
            guard let type = types[output] else {
                throw MLOpsError(
                    .invalidArgument, "Nothing makes the output '\(output)' of the graph '\(name)'.",
                    help: "Export the model again.")
            }
            return type
        }
        var places: [String: Int] = [:]
        func place(_ name: String) -> Int {
            if name.isEmpty { return -1 }
            if let place = places[name] { return place }
            places[name] = initialValues.count
            initialValues.append(types[name]?.constant)
            return initialValues.count - 1
        }
        capturePlaces = captures.map { place($0.name) }
        inputPlaces = body.inputs.map(place)
        steps = planned.map { node, op in
            Step(name: node.name, op: op, inputs: node.inputs.map(place), outputs: node.outputs.map(place))
        }
        outputPlaces = body.outputs.map(place)
    }

    /// Runs the body: inputs and captured values in, in the order they were planned in, outputs out.
    func run(_ inputs: [Value], captures: some Sequence<Value?>, in context: RunContext) throws -> [Value] {
        var values = initialValues
        for (place, value) in zip(capturePlaces, captures) { if let value { values[place] = value } }
        for (place, value) in zip(inputPlaces, inputs) where place >= 0 { values[place] = value }
        for step in steps {
            do {
                let results = try step.op.run(step.inputs.map { $0 < 0 ? nil : values[$0] }, in: context)
                for (place, result) in zip(step.outputs, results) where place >= 0 { values[place] = result }
            } catch var error as MLOpsError {
                error.message = "'\(step.name)' (\(type(of: step.op).name)): \(error.message)"
                throw error
            }
        }
        return try outputPlaces.map { try values.required($0) }
    }
}
