internal import MLOpsCore

/// `Mean`: the mean of the inputs, with broadcasting.
struct MeanOperator: VariadicArithmetic {
    static let name = "Mean"

    @inline(__always) static func apply<Element: NumericElement>(_ a: Element, _ b: Element) -> Element {
        Element.sum(a, b)
    }

    static func finish(_ result: Value, count: Int, in context: RunContext) throws -> Value {
        guard result.elementType == .float32 else {
            throw MLOpsError.unsupported(result.elementType, instead: "FP32")
        }
        return try result.mapFloats { source, target in
            for i in source.indices { target[i] = source[i] / Float(count) }
        }
    }
}
