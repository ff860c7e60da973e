/// `Shrink`: x + bias below −λ, x − bias above λ, else 0.
struct ShrinkOperator: UnaryArithmetic {
    static let name = "Shrink"
    static let operatorSets = 9...ONNXDocument.latestOperatorSet
    private let lambda: Float
    private let bias: Float

    init(_ node: inout NodeReader) throws {
        lambda = try node.float("lambd") ?? 0.5
        bias = try node.float("bias") ?? 0
    }

    func apply(_ x: Float) -> Float { x < -lambda ? x + bias : x > lambda ? x - bias : 0 }
    func apply(_ x: Double) -> Double {
        x < -Double(lambda) ? x + Double(bias) : x > Double(lambda) ? x - Double(bias) : 0
    }
}
