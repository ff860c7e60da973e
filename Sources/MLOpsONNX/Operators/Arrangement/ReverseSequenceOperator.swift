internal import MLOpsCore

/// `ReverseSequence`: for each example of a batch, the first so many steps of time in the reverse order.
struct ReverseSequenceOperator: ElementMover {
    static let name = "ReverseSequence"
    static let operatorSets = 10...ONNXDocument.latestOperatorSet
    static let inputCount = 2...2
    private let isBatchFirst: Bool

    init(_ node: inout NodeReader) throws {
        let (batch, time) = (try node.int("batch_axis") ?? 1, try node.int("time_axis") ?? 0)
        guard (batch, time) == (0, 1) || (batch, time) == (1, 0) else {
            throw MLOpsError(
                .invalidArgument, "The axis of the batch is \(batch), that of time \(time).",
                help: "Let one be 0 and the other 1.")
        }
        isBatchFirst = batch == 0
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let lengths: ValueType = try inputs.required(1)
        _ = try x.elementType.carrier()
        try lengths.expectIndices()
        return [x.reshaped(x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let input: Value = try inputs.required(1)
        let lengths = try input.extents("The list of lengths")
        let (batch, time) = isBatchFirst ? (0, 1) : (1, 0)
        guard x.shape.count >= 2, lengths.count == x.shape[batch], lengths.allSatisfy({ $0 <= x.shape[time] }) else {
            throw MLOpsError(
                .invalidArgument, "Lengths \(lengths) do not fit an input \(x.shape).",
                help: "Give one for each example, none above the number of steps.")
        }
        let size = x.shape[2...].reduce(1, *)
        let (rows, columns) = (x.shape[0], x.shape[1])
        let places = (0..<rows).flatMap { row in
            (0..<columns).map { column in
                let (example, step) = isBatchFirst ? (row, column) : (column, row)
                let from = step < lengths[example] ? lengths[example] - 1 - step : step
                return (isBatchFirst ? row * columns + from : from * columns + column) * size
            }
        }
        return [
            try Arrangement.take(x.elementType.carrier(), x, at: places, size: size, shape: x.shape, in: context)
        ]
    }
}
