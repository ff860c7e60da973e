internal import MLOpsCore
internal import MLOpsTensor

/// `Scan`: runs a graph on each slice of some inputs along an axis, in order. States are carried from one slice to the
/// next, and other outputs are put together along an axis.
struct ScanOperator: Operator {
    static let name = "Scan"
    static let operatorSets = 9...ONNXDocument.latestOperatorSet
    static let inputCount = 1...Int.max
    static let outputCount = 1...Int.max
    let isRepeatable = false
    private let body: ModelGraph.Body
    private let captures: [String]
    private let sets: OperatorSets
    private let states: Int
    private let inputs: ScanAxes
    private let outputs: ScanAxes
    private var plan: BodyPlan?

    init(_ node: inout NodeReader) throws {
        body = try node.graph("body")
        (captures, sets) = (node.captures, node.operatorSets)
        let scanned = try node.int("num_scan_inputs") ?? 0
        guard scanned >= 1, scanned <= node.inputCount, body.inputs.count == node.inputCount,
            body.outputs.count >= node.inputCount - scanned, node.outputCount <= body.outputs.count
        else {
            throw MLOpsError(
                .invalidArgument,
                "A body with \(body.inputs.count) inputs and \(body.outputs.count) outputs does not fit "
                    + "\(node.inputCount) inputs, \(scanned) of them scanned, and \(node.outputCount) outputs.",
                help: "Give the body each state and each slice.")
        }
        states = node.inputCount - scanned
        inputs = try ScanAxes(&node, "scan_input", count: scanned)
        outputs = try ScanAxes(&node, "scan_output", count: body.outputs.count - states)
    }

    func planned(for inputs: [ValueType?], in context: RunContext) throws -> any Operator {
        let slices = try self.inputs.axes.enumerated().map { index, axis -> ValueType in
            let whole: ValueType = try inputs.required(states + index)
            guard var shape = whole.shape else { return whole.reshaped(nil) }
            shape.remove(at: try Axes.normalized(axis, rank: shape.count))
            return whole.reshaped(shape)
        }
        let first = try (0..<states).map { index -> ValueType in
            let state: ValueType = try inputs.required(index)
            return ValueType(state.elementType, state.shape)
        }
        var copy = self
        copy.plan = try BodyPlan(
            body, name: "body", inputs: first + slices,
            captures: Array(zip(captures, inputs.dropFirst(states + slices.count))), sets, in: context)
        return copy
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let types = plan?.outputTypes ?? []
        let length = try self.inputs.axes.indices.lazy.compactMap { index -> Int? in
            guard let shape = (inputs.optional(states + index) as ValueType?)?.shape else { return nil }
            return shape[try Axes.normalized(self.inputs.axes[index], rank: shape.count)]
        }.first
        let rows = try zip(types.dropFirst(states), outputs.axes).map { type, axis -> ValueType in
            guard var shape = type.shape else { return type.reshaped(nil) }
            shape.insert(length ?? -1, at: try Axes.normalized(axis, rank: shape.count + 1))
            return type.reshaped(shape)
        }
        return types.prefix(states).map { $0.reshaped($0.shape) } + rows
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        guard let plan else { return [] }
        var carried: [Value] = try (0..<states).map { try inputs.required($0) }
        let wholes: [Value] = try self.inputs.axes.indices.map { try inputs.required(states + $0) }
        let axes = try zip(wholes, self.inputs.axes).map { try Axes.normalized($1, rank: $0.shape.count) }
        let lengths = zip(wholes, axes).map { $0.shape[$1] }
        guard let length = lengths.first, lengths.allSatisfy({ $0 == length }) else {
            throw MLOpsError(
                .invalidArgument, "The scanned inputs have \(lengths) slices.", help: "Give as many slices of each.")
        }
        let (inner, budget) = context.inLoop()
        var collected = LoopResults(outputs: outputs.axes.count, limits: context.limits)
        for step in 0..<length {
            try budget.spend()
            let slices = try wholes.indices.map { index in
                let place = self.inputs.isReversed[index] ? length - 1 - step : step
                let slice = try GatherOperator.gather(wholes[index], [place], along: axes[index], in: context)
                var shape = wholes[index].shape
                shape.remove(at: axes[index])
                return slice.reshaped(shape)
            }
            let results = try plan.run(
                carried + slices, captures: inputs.dropFirst(states + wholes.count), in: inner)
            carried = Array(results.prefix(states))
            try collected.append(results.dropFirst(states))
        }
        let types = plan.outputTypes.dropFirst(states)
        let joined = try zip(collected.rows, types).enumerated().map { index, row in
            let values = outputs.isReversed[index] ? row.0.reversed() : row.0
            let value = try Stack.join(values, emptyAs: row.1, in: context)
            let axis = try Axes.normalized(outputs.axes[index], rank: value.shape.count)
            return try value.movingFirstAxis(to: axis, in: context)
        }
        return carried + joined
    }
}

/// Along which axes slices are taken or put together, and in which direction.
struct ScanAxes: Sendable {
    let axes: [Int]
    let isReversed: [Bool]

    /// Reads the attributes that begin with a word, for a number of values.
    init(_ node: inout NodeReader, _ what: String, count: Int) throws {
        axes = try node.ints("\(what)_axes") ?? [Int](repeating: 0, count: count)
        let directions = try node.ints("\(what)_directions") ?? [Int](repeating: 0, count: count)
        isReversed = directions.map { $0 == 1 }
        guard axes.count == count, directions.count == count, directions.allSatisfy({ $0 == 0 || $0 == 1 }) else {
            throw MLOpsError(
                .invalidArgument, "'\(what)_axes' is \(axes) and '\(what)_directions' \(directions).",
                help: "Give an axis and a direction, 0 or 1, for each of \(count) values.")
        }
    }
}

extension Value {
    /// The elements with the first axis put at another place.
    func movingFirstAxis(to axis: Int, in context: RunContext) throws -> Value {
        if axis == 0 { return self }
        var order = Array(1..<shape.count)
        order.insert(0, at: axis)
        let strides = Arrangement.strides(of: shape)
        return try Arrangement.copy(
            self, to: order.map { shape[$0] }, strides: order.map { strides[$0] }, in: context)
    }
}
