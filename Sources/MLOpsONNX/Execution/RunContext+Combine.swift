internal import MLOpsCore

extension RunContext {
    /// Two values, broadcast to one shape, element by element.
    func combine<A: BitwiseCopyable, B: BitwiseCopyable, Result: BitwiseCopyable>(
        _ a: Value, as typeA: A.Type, _ b: Value, as typeB: B.Type, to elementType: ElementType, as type: Result.Type,
        _ apply: (A, B) -> Result
    ) throws -> Value {
        let shape = try Broadcast.shape(a.shape, b.shape)
        let strides = [Broadcast.strides(of: a.shape, in: shape), Broadcast.strides(of: b.shape, in: shape)]
        let (stepA, stepB, width) = (strides[0].last ?? 0, strides[1].last ?? 0, shape.last ?? 1)
        return try make(elementType, shape, as: type) { target in
            a.read(as: typeA) { x in
                b.read(as: typeB) { y in
                    Broadcast.forEachRow(of: shape, strides: strides) { row, offsets in
                        let (startA, startB) = (offsets[0], offsets[1])
                        for i in 0..<width { target[row + i] = apply(x[startA + i * stepA], y[startB + i * stepB]) }
                    }
                }
            }
        }
    }
}

extension ValueType {
    /// What is known of two values broadcast to one shape; throws `invalidArgument` when they are of two types.
    static func broadcast(_ a: ValueType, _ b: ValueType, to elementType: ElementType) throws -> ValueType {
        try expectOneType(a.elementType, b.elementType)
        guard let x = a.shape, let y = b.shape else { return ValueType(elementType, nil) }
        return ValueType(elementType, try Broadcast.shape(x, y))
    }

    /// Throws `invalidArgument` when two types differ.
    static func expectOneType(_ a: ElementType, _ b: ElementType) throws {
        guard a == b else {
            throw MLOpsError(
                .invalidArgument, "The inputs are of the types \(a.rawValue) and \(b.rawValue).",
                help: "Cast one to the type of the other.")
        }
    }
}
