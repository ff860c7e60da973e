/// `Sqrt`: the square root; NaN below zero.
struct SqrtOperator: UnaryArithmetic {
    static let name = "Sqrt"

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { x.squareRoot() }
    func apply(_ x: Double) -> Double { x.squareRoot() }
}
