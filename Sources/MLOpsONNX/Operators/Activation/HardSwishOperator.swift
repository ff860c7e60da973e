internal import MLOpsTensor

/// `HardSwish`: x · max(0, min(1, x / 6 + 1 / 2)).
struct HardSwishOperator: UnaryArithmetic, ElementFunctionOperator {
    static let name = "HardSwish"
    static let operatorSets = 14...ONNXDocument.latestOperatorSet

    init(_ node: inout NodeReader) throws {}

    func elementFunction(_ inputs: [ValueType?]) -> ElementFunction? { .hardSwish(1 / 6, 0.5) }

    func apply(_ x: Float) -> Float { x * max(0, min(1, x / 6 + 0.5)) }
    func apply(_ x: Double) -> Double { x * max(0, min(1, x / 6 + 0.5)) }
}
