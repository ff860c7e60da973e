internal import MLOpsCore

/// `StringConcat`: strings put together, with broadcasting.
struct StringConcatOperator: Operator {
    static let name = "StringConcat"
    static let operatorSets = 20...ONNXDocument.latestOperatorSet
    static let inputCount = 2...2

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let a: ValueType = try inputs.required(0)
        try a.expectStrings()
        return [try .broadcast(a, inputs.required(1), to: .bytes)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let a: Value = try inputs.required(0)
        let b: Value = try inputs.required(1)
        let (x, y) = (try a.strings(), try b.strings())
        let shape = try Broadcast.shape(a.shape, b.shape)
        let count = try context.limits.elementCount(of: shape, in: "a result")
        try context.limits.check(
            byteCount(x, repeated: shape, over: a.shape) &+ byteCount(y, repeated: shape, over: b.shape),
            \.stringByteCount, of: "the number of bytes of the strings")
        var result = [[UInt8]](repeating: [], count: count)
        let strides = [Broadcast.strides(of: a.shape, in: shape), Broadcast.strides(of: b.shape, in: shape)]
        let (stepA, stepB, width) = (strides[0].last ?? 0, strides[1].last ?? 0, shape.last ?? 1)
        Broadcast.forEachRow(of: shape, strides: strides) { row, offsets in
            for i in 0..<width { result[row + i] = x[offsets[0] + i * stepA] + y[offsets[1] + i * stepB] }
        }
        return [Value(strings: result, shape: shape)]
    }

    /// The bytes of strings of one shape, each repeated as often as another shape asks for.
    private func byteCount(_ strings: [[UInt8]], repeated shape: [Int], over own: [Int]) -> Int {
        let times = shape.reduce(1, *) / max(own.reduce(1, *), 1)
        let (count, overflow) = strings.reduce(0) { $0 &+ $1.count }.multipliedReportingOverflow(by: times)
        return overflow ? Int.max / 2 : min(count, Int.max / 2)
    }
}

extension ValueType {
    /// Throws `unsupported` unless the elements are strings.
    func expectStrings() throws {
        guard elementType == .bytes else { throw MLOpsError.unsupported(elementType, instead: "BYTES") }
    }
}
