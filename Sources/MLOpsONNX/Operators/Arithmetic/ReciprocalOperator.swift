/// `Reciprocal`: 1 / x.
struct ReciprocalOperator: UnaryArithmetic {
    static let name = "Reciprocal"

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { 1 / x }
    func apply(_ x: Double) -> Double { 1 / x }
}
