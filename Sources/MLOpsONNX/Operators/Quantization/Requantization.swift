internal import MLOpsCore

/// Turns sums of products back into quantized numbers: sum · scale a · scale b / scale y, rounded, plus a zero point.
enum Requantization {
    /// - Parameters:
    ///   - factor: the factor of the element at a place.
    static func apply(
        _ sums: [Int32], _ shape: [Int], as type: ElementType, zero: Value, in context: RunContext,
        factor: (Int) -> Double
    ) throws -> Value {
        guard zero.count == 1 else {
            throw MLOpsError(
                .unsupported, "The result has \(zero.count) zero points.", help: "Give one for the whole result.")
        }
        return try apply(type.quantized(), sums, shape, type, try zero.reals()[0], in: context, factor: factor)
    }

    private static func apply<Element: WholeElement>(
        _: Element.Type, _ sums: [Int32], _ shape: [Int], _ type: ElementType, _ zero: Double, in context: RunContext,
        factor: (Int) -> Double
    ) throws -> Value {
        try context.make(type, shape, as: Element.self) { target in
            for i in sums.indices {
                let scaled = Float(sums[i]) * Float(factor(i))
                target[i] = Element(rounding: Double(scaled.rounded(.toNearestOrEven)) + zero)
            }
        }
    }
}
