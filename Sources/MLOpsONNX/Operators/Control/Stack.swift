internal import MLOpsCore

/// Puts values of one shape together along a new axis.
enum Stack {
    /// The values one after another along a new first axis; for none, what is known of one says the shape.
    static func join(_ values: [Value], emptyAs type: ValueType, in context: RunContext) throws -> Value {
        guard let first = values.first else {
            let shape = [0] + (type.shape ?? []).map { max($0, 0) }
            if type.elementType == .bytes { return Value(strings: [], shape: shape) }
            return try context.make(type.elementType, shape, as: UInt8.self) { _ in }
        }
        guard values.allSatisfy({ $0.shape == first.shape && $0.elementType == first.elementType }) else {
            throw MLOpsError(
                .invalidArgument, "The values to be put together have different types or shapes.",
                help: "Let each iteration give values of one shape.")
        }
        let shape = [values.count] + first.shape
        try context.limits.elementCount(of: shape, in: "a result")
        if first.elementType == .bytes {
            return try context.strings(try values.flatMap { try $0.strings() }, shape: shape)
        }
        return try join(first.elementType.carrier(), values, shape, in: context)
    }

    private static func join<Element: NumericElement>(
        _ type: Element.Type, _ values: [Value], _ shape: [Int], in context: RunContext
    ) throws -> Value {
        let size = values[0].count
        return try context.make(values[0].elementType, shape, as: type) { target in
            for (index, value) in values.enumerated() {
                value.read(as: type) { source in
                    for i in 0..<size { target[index * size + i] = source[i] }
                }
            }
        }
    }
}
