/// `ThresholdedRelu`: x where it is above α, else 0.
struct ThresholdedReluOperator: UnaryArithmetic {
    static let name = "ThresholdedRelu"
    static let operatorSets = 10...ONNXDocument.latestOperatorSet
    private let alpha: Float

    init(_ node: inout NodeReader) throws { alpha = try node.float("alpha") ?? 1 }

    func apply(_ x: Float) -> Float { x > alpha ? x : 0 }
    func apply(_ x: Double) -> Double { x > Double(alpha) ? x : 0 }
}
