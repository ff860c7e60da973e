internal import MLOpsCore
internal import MLOpsTensor

/// `If`: the outputs of one graph where a condition holds, else those of another.
struct IfOperator: Operator {
    static let name = "If"
    static let inputCount = 1...Int.max
    static let outputCount = 1...Int.max
    static let takesEveryForm = true
    let isRepeatable = false
    private let bodies: [ModelGraph.Body]
    private let captures: [String]
    private let sets: OperatorSets
    private let outputs: Int
    /// The plans of both graphs; only the one that is run when the condition is known beforehand.
    private var plans: [BodyPlan?] = []

    init(_ node: inout NodeReader) throws {
        bodies = [try node.graph("then_branch"), try node.graph("else_branch")]
        (captures, sets, outputs) = (node.captures, node.operatorSets, node.outputCount)
        guard node.inputCount == 1, bodies.allSatisfy({ $0.outputs.count == outputs }) else {
            throw MLOpsError(
                .invalidArgument, "The branches have \(bodies.map(\.outputs.count)) outputs, the node \(outputs).",
                help: "Give one condition, and as many outputs of each branch as the node has.")
        }
    }

    func planned(for inputs: [ValueType?], in context: RunContext) throws -> any Operator {
        let condition: ValueType = try inputs.required(0)
        try condition.elementType.expectTruth()
        let known = try condition.constant.map { try Self.isTrue($0) }
        var copy = self
        copy.plans = try zip(bodies, [true, false]).map { body, branch in
            if let known, known != branch { return nil }
            return try BodyPlan(
                body, name: branch ? "then_branch" : "else_branch", inputs: [],
                captures: Array(zip(captures, inputs.dropFirst())), sets, in: context)
        }
        return copy
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let types = plans.compactMap { $0?.outputTypes }
        guard let first = types.first, let last = types.last else { return [] }
        return types.count == 1 ? first : try zip(first, last).map { try $0.common(with: $1) }
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let condition: Value = try inputs.required(0)
        guard let plan = try plans[Self.isTrue(condition) ? 0 : 1] else {
            throw MLOpsError(
                .invalidArgument, "The condition is not the one it was planned with.", help: "Open the model again.")
        }
        return try plan.run([], captures: inputs.dropFirst(), in: context)
    }

    /// Whether a condition of one element holds.
    static func isTrue(_ condition: Value) throws -> Bool {
        guard condition.elementType == .bool, condition.count == 1 else {
            throw MLOpsError(
                .invalidArgument,
                "A condition is \(condition.elementType.rawValue)\(condition.shape), not one truth value.",
                help: "Give a tensor BOOL of one element.")
        }
        return condition.read(as: UInt8.self) { $0[0] != 0 }
    }
}

extension ValueType {
    /// What is known of a value that is one of two; throws `invalidArgument` when they are of different types.
    func common(with other: ValueType) throws -> ValueType {
        var result = ValueType(form, elementType)
        if form != other.form {
            let isSequence = [form, other.form].contains { $0 == .sequence || $0 == .optionalSequence }
            result.form = isSequence ? .optionalSequence : .optional
        }
        try ValueType.expectOneType(elementType, other.elementType)
        if let a = shape, let b = other.shape, a.count == b.count {
            result.shape = zip(a, b).map { $0 == $1 ? $0 : -1 }
        }
        return result
    }
}
