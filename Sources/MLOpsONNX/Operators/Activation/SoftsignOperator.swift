/// `Softsign`: x / (1 + |x|).
struct SoftsignOperator: UnaryArithmetic {
    static let name = "Softsign"

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { x / (1 + abs(x)) }
    func apply(_ x: Double) -> Double { x / (1 + abs(x)) }
}
