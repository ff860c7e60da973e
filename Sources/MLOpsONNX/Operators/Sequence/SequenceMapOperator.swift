internal import MLOpsCore
internal import MLOpsTensor

/// `SequenceMap`: runs a graph on each tensor of a sequence, with those at the same place of other sequences, and with
/// tensors that stay the same; each output is a sequence.
struct SequenceMapOperator: Operator {
    static let name = "SequenceMap"
    static let operatorSets = 17...ONNXDocument.latestOperatorSet
    static let inputCount = 1...Int.max
    static let outputCount = 1...Int.max
    static let takesEveryForm = true
    let isRepeatable = false
    private let body: ModelGraph.Body
    private let captures: [String]
    private let sets: OperatorSets
    private let inputCount: Int
    private var plan: BodyPlan?
    private var isSequence: [Bool] = []

    init(_ node: inout NodeReader) throws {
        body = try node.graph("body")
        (captures, sets, inputCount) = (node.captures, node.operatorSets, node.inputCount)
        guard body.inputs.count == inputCount, inputCount >= 1, body.outputs.count == node.outputCount else {
            throw MLOpsError(
                .invalidArgument, "The body does not fit \(inputCount) inputs and \(node.outputCount) outputs.",
                help: "Give it as many inputs and outputs as the node has.")
        }
    }

    func planned(for inputs: [ValueType?], in context: RunContext) throws -> any Operator {
        let types: [ValueType] = try (0..<inputCount).map { try inputs.required($0) }
        try types[0].expect(.sequence)
        var copy = self
        copy.isSequence = types.map { $0.form == .sequence }
        copy.plan = try BodyPlan(
            body, name: "body",
            inputs: types.map { $0.form == .sequence ? ValueType($0.elementType, nil) : $0.reshaped($0.shape) },
            captures: Array(zip(captures, inputs.dropFirst(inputCount))), sets, in: context)
        return copy
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        (plan?.outputTypes ?? []).map { ValueType(.sequence, $0.elementType) }
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        guard let plan else { return [] }
        let values: [Value] = try (0..<inputCount).map { try inputs.required($0) }
        let sequences = try zip(values, isSequence).map { $1 ? try $0.sequence() : [] }
        let length = sequences[0].count
        guard zip(sequences, isSequence).allSatisfy({ !$1 || $0.count == length }) else {
            throw MLOpsError(
                .invalidArgument, "The sequences have \(sequences.map(\.count)) tensors.",
                help: "Give sequences of one length.")
        }
        let (inner, budget) = context.inLoop()
        var results = LoopResults(outputs: plan.outputTypes.count, limits: context.limits)
        for place in 0..<length {
            try budget.spend()
            let arguments = values.indices.map { isSequence[$0] ? sequences[$0][place] : values[$0] }
            let outputs = try plan.run(arguments, captures: inputs.dropFirst(inputCount), in: inner)
            try results.append(outputs)
        }
        return zip(results.rows, plan.outputTypes).map { Value(sequence: $0, of: $1.elementType) }
    }
}
