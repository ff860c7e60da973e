internal import MLOpsCore
internal import MLOpsTensor

/// What `RNN`, `GRU` and `LSTM` share: attributes, shapes, directions, lengths, and the run over time.
///
/// X is [time, batch, input], W [directions, gates · hidden, input], R [directions, gates · hidden, hidden], B
/// [directions, 2 · gates · hidden]; with the layout 1, X, the states and the results have the batch in front.
protocol RecurrentOperator: Operator {
    /// How many gates a cell has.
    static var gates: Int { get }
    /// How many activations, and their names by default.
    static var activations: [String] { get }
    /// Whether there is a cell state beside the hidden one.
    static var hasCell: Bool { get }

    /// The attributes that all have.
    var rule: RecurrentRule { get }
    /// One step of one row of the batch.
    ///
    /// - Parameters:
    ///   - gates: W · x + Wb, for all gates.
    ///   - recurrent: R · h, for all gates.
    func step(_ cell: RecurrentCell, gates: UnsafePointer<Float>, recurrent: UnsafePointer<Float>)
}

extension RecurrentOperator {
    static var inputCount: ClosedRange<Int> { hasCell ? 3...8 : 3...6 }
    static var outputCount: ClosedRange<Int> { 1...(hasCell ? 3 : 2) }
    static var hasCell: Bool { false }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        for (index, input) in inputs.enumerated() where index != 4 {
            if let input, input.elementType != .float32 {
                throw MLOpsError.unsupported(input.elementType, instead: "FP32")
            }
        }
        if let lengths: ValueType = inputs.optional(4), lengths.elementType != .int32 {
            throw MLOpsError.unsupported(lengths.elementType, instead: "INT32")
        }
        let x: ValueType = try inputs.required(0)
        let directions = rule.directions.count
        guard let shape = x.shape, shape.count == 3 else { return [ValueType](repeating: x.reshaped(nil), count: 3) }
        let (time, batch) = rule.batchFirst ? (shape[1], shape[0]) : (shape[0], shape[1])
        let all = rule.batchFirst ? [batch, time, directions, rule.hidden] : [time, directions, batch, rule.hidden]
        let last = rule.batchFirst ? [batch, directions, rule.hidden] : [directions, batch, rule.hidden]
        return [x.reshaped(all), x.reshaped(last), x.reshaped(last)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let run = try RecurrentRun(inputs, rule, gates: Self.gates, hasCell: Self.hasCell, in: context)
        for index in rule.directions.indices {
            try run.direction(index, rule, gates: Self.gates, in: context) { step($0, gates: $1, recurrent: $2) }
        }
        return try run.results(rule, hasCell: Self.hasCell, in: context)
    }
}

/// The attributes of a recurrent operator.
struct RecurrentRule: Sendable {
    /// For each direction, whether it runs from the end.
    let directions: [Bool]
    /// The number of hidden units.
    let hidden: Int
    /// Whether the batch is the first axis.
    let batchFirst: Bool
    private let functions: [RecurrentActivation]
    private let perDirection: Int
    private let clip: Float?

    init(_ node: inout NodeReader, activations: [String]) throws {
        enum Direction: String, CaseIterable { case forward, reverse, bidirectional }
        directions =
            switch try node.choice("direction", default: Direction.forward) {
            case .forward: [false]
            case .reverse: [true]
            case .bidirectional: [false, true]
            }
        hidden = try node.int("hidden_size") ?? 0
        clip = try node.float("clip")
        batchFirst = node.operatorSet >= 14 ? try node.flag("layout", default: false) : false
        let names = try node.strings("activations") ?? directions.flatMap { _ in activations }
        let alpha = try node.floats("activation_alpha") ?? []
        let beta = try node.floats("activation_beta") ?? []
        perDirection = activations.count
        guard (1...(1 << 20)).contains(hidden), names.count == directions.count * activations.count else {
            throw MLOpsError(
                .invalidArgument, "'hidden_size' is \(hidden), and there are \(names.count) activations.",
                help: "Give a positive size and \(activations.count) activations for each direction.")
        }
        // The parameters are consumed in the order of the functions that have any.
        var (alphas, betas) = (alpha[...], beta[...])
        functions = try names.map { try RecurrentActivation($0, alphas: &alphas, betas: &betas) }
    }

    /// An activation of a direction, of what is clipped before; a state is not clipped, as in ONNX Runtime.
    func activate(_ x: Float, _ index: Int, direction: Int, isState: Bool = false) -> Float {
        let limit = isState ? nil : clip
        return functions[direction * perDirection + index](limit.map { min(max(x, -$0), $0) } ?? x)
    }
}

/// One row of the batch at one step: what a cell reads and writes.
struct RecurrentCell {
    let direction: Int
    /// The hidden state, and that of the cell; read and written.
    let hidden: UnsafeMutablePointer<Float>
    let cell: UnsafeMutablePointer<Float>
    /// The part of the bias for the recurrent products, of all gates; zeros for none.
    let bias: UnsafePointer<Float>
    /// The weights of the cell state for the gates i, o, f; zeros for none.
    let peepholes: UnsafePointer<Float>
    /// The recurrent weights of the direction, [gates · hidden, hidden].
    let weights: UnsafePointer<Float>
}
