/// `Ceil`: the nearest whole number that is not less.
struct CeilOperator: UnaryArithmetic {
    static let name = "Ceil"

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { x.rounded(.up) }
    func apply(_ x: Double) -> Double { x.rounded(.up) }
}
