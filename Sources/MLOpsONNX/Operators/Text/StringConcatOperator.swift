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
        var result = [[UInt8]](repeating: [], count: try context.limits.elementCount(of: shape, in: "a result"))
        let strides = [Broadcast.strides(of: a.shape, in: shape), Broadcast.strides(of: b.shape, in: shape)]
        let (stepA, stepB, width) = (strides[0].last ?? 0, strides[1].last ?? 0, shape.last ?? 1)
        var byteCount = 0
        Broadcast.forEachRow(of: shape, strides: strides) { _, offsets in
            for i in 0..<width { byteCount += x[offsets[0] + i * stepA].count + y[offsets[1] + i * stepB].count }
        }
        try context.limits.checkStrings(byteCount)
        Broadcast.forEachRow(of: shape, strides: strides) { row, offsets in
            for i in 0..<width { result[row + i] = x[offsets[0] + i * stepA] + y[offsets[1] + i * stepB] }
        }
        return [Value(strings: result, shape: shape)]
    }
}

extension ValueType {
    /// Throws `unsupported` unless the elements are strings.
    func expectStrings() throws {
        guard elementType == .bytes else { throw MLOpsError.unsupported(elementType, instead: "BYTES") }
    }
}
