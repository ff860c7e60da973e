internal import Foundation
internal import MLOpsCore

/// `Pow`: aᵇ, of the type of a, with broadcasting; computed in 64-bit floats.
struct PowOperator: Operator {
    static let name = "Pow"
    static let inputCount = 2...2

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let a: ValueType = try inputs.required(0)
        let b: ValueType = try inputs.required(1)
        _ = (try a.elementType.numeric(), try b.elementType.numeric())
        guard let x = a.shape, let y = b.shape else { return [a.reshaped(nil)] }
        return [a.reshaped(try Broadcast.shape(x, y))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let a: Value = try inputs.required(0)
        let b: Value = try inputs.required(1)
        return [try power(a.elementType.castable(), b.elementType.castable(), a, b, in: context)]
    }

    private func power<Base: CastableElement, Exponent: CastableElement>(
        _ base: Base.Type, _ exponent: Exponent.Type, _ a: Value, _ b: Value, in context: RunContext
    ) throws -> Value {
        try context.combine(a, as: base, b, as: exponent, to: a.elementType, as: base) {
            Base(rounding: pow($0.real, $1.real))
        }
    }
}
