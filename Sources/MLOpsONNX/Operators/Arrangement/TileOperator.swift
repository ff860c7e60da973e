internal import MLOpsCore

/// `Tile`: the input repeated along each axis, a number of times for each.
struct TileOperator: ElementMover {
    static let name = "Tile"
    static let inputCount = 2...2

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let repeats: ValueType = try inputs.required(1)
        _ = try x.elementType.carrier()
        try repeats.expectIndices()
        guard let shape = x.shape else { return [x.reshaped(nil)] }
        guard let times = try repeats.constant?.extents("The number of repeats") else {
            return [x.reshaped([Int](repeating: -1, count: shape.count))]
        }
        return [x.reshaped(try tiled(shape, times))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let repeats: Value = try inputs.required(1)
        let times = try repeats.extents("The number of repeats")
        let shape = try tiled(x.shape, times)
        try context.limits.elementCount(of: shape, in: "a result")
        // One axis after another, so that no more dimensions are needed than one: [before, times, the rest].
        var result = x
        for axis in shape.indices.reversed() where times[axis] != 1 {
            let before = result.shape[..<axis].reduce(1, *)
            let rest = result.shape[axis...].reduce(1, *)
            let extended = Array(result.shape[..<axis] + shape[axis...])
            result = try Arrangement.copy(
                result, to: [before, times[axis], rest], strides: [rest, 0, 1], in: context
            ).reshaped(extended)
        }
        return [result]
    }

    private func tiled(_ shape: [Int], _ times: [Int]) throws -> [Int] {
        guard times.count == shape.count else {
            throw MLOpsError(
                .invalidArgument, "There are \(times.count) numbers of repeats for the shape \(shape).",
                help: "Give one for each dimension.")
        }
        return try zip(shape, times).map { extent, times in
            if extent == -1 { return times == 0 ? 0 : -1 }
            let (product, overflow) = extent.multipliedReportingOverflow(by: times)
            guard !overflow else {
                throw MLOpsError(
                    .limitExceeded, "An axis of \(extent) can't be repeated \(times) times.",
                    help: "Repeat it less often.")
            }
            return product
        }
    }
}
