/// `Floor`: the nearest whole number that is not greater.
struct FloorOperator: UnaryArithmetic {
    static let name = "Floor"

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { x.rounded(.down) }
    func apply(_ x: Double) -> Double { x.rounded(.down) }
}
