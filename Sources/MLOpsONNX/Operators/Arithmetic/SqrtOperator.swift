internal import MLOpsTensor

/// `Sqrt`: the square root; NaN below zero.
struct SqrtOperator: UnaryArithmetic, ElementFunctionOperator {
    static let name = "Sqrt"

    init(_ node: inout NodeReader) throws {}

    func elementFunction(_ inputs: [ValueType?]) -> ElementFunction? { .squareRoot }

    func apply(_ x: Float) -> Float { x.squareRoot() }
    func apply(_ x: Double) -> Double { x.squareRoot() }
}
