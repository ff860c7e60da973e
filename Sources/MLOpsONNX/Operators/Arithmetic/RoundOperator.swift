/// `Round`: the nearest whole number; halves go to the even one.
struct RoundOperator: UnaryArithmetic {
    static let name = "Round"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { x.rounded(.toNearestOrEven) }
    func apply(_ x: Double) -> Double { x.rounded(.toNearestOrEven) }
}
