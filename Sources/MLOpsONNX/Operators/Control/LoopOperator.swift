internal import MLOpsCore
internal import MLOpsTensor

/// `Loop`: runs a graph again and again, until its condition no longer holds or it has run often enough. Values are
/// carried from one iteration to the next, and others are collected along a new first axis.
struct LoopOperator: Operator {
    static let name = "Loop"
    static let inputCount = 2...Int.max
    static let outputCount = 1...Int.max
    static let takesEveryForm = true
    let isRepeatable = false
    private let body: ModelGraph.Body
    private let captures: [String]
    private let sets: OperatorSets
    private let carried: Int
    private let collected: Int
    private var plan: BodyPlan?

    init(_ node: inout NodeReader) throws {
        body = try node.graph("body")
        (captures, sets) = (node.captures, node.operatorSets)
        carried = node.inputCount - 2
        collected = body.outputs.count - 1 - carried
        guard carried >= 0, collected >= 0, node.outputCount <= carried + collected else {
            throw MLOpsError(
                .invalidArgument,
                "A body with \(body.outputs.count) outputs does not fit \(node.inputCount) inputs and "
                    + "\(node.outputCount) outputs.",
                help: "Give the body a condition, each carried value and each collected one as outputs.")
        }
    }

    func planned(for inputs: [ValueType?], in context: RunContext) throws -> any Operator {
        // A carried value may have another shape in each iteration, and what it is at first says nothing later.
        let states = try (0..<carried).map { index -> ValueType in
            let first: ValueType = try inputs.required(2 + index)
            return ValueType(first.form, first.elementType)
        }
        var copy = self
        copy.plan = try BodyPlan(
            body, name: "body", inputs: [ValueType(.int64, []), ValueType(.bool, nil)] + states,
            captures: Array(zip(captures, inputs.dropFirst(2 + carried))), sets, in: context)
        return copy
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let types = (plan?.outputTypes ?? []).dropFirst()
        let states = try zip(types, inputs.dropFirst(2)).prefix(carried).map { last, first in
            try first.map { try last.common(with: $0) } ?? last
        }
        let rows = types.dropFirst(carried).map { ValueType($0.elementType, $0.shape.map { [-1] + $0 }) }
        return states + rows
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        guard let plan else { return [] }
        let limit = try (inputs.optional(0) as Value?)?.integer("The number of iterations") ?? Int.max
        var isGoing = try (inputs.optional(1) as Value?).map { try IfOperator.isTrue($0) } ?? true
        var states: [Value] = try (0..<carried).map { try inputs.required(2 + $0) }
        var results = LoopResults(outputs: collected, limits: context.limits)
        let captured = inputs.dropFirst(2 + carried)
        let (inner, budget) = context.inLoop()
        var iteration = 0
        while isGoing, iteration < limit {
            try budget.spend()
            let number = try context.integers([iteration]).reshaped([])
            let condition = try context.make(.bool, [], as: UInt8.self) { $0[0] = 1 }
            let outputs = try plan.run([number, condition] + states, captures: captured, in: inner)
            isGoing = try IfOperator.isTrue(outputs[0])
            states = Array(outputs[1...carried])
            iteration += 1
            try results.append(outputs.dropFirst(1 + carried))
        }
        let types = plan.outputTypes.dropFirst(1 + carried)
        return try states + zip(results.rows, types).map { try Stack.join($0, emptyAs: $1, in: context) }
    }
}
