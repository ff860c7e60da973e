internal import MLOpsTensor

/// `HardSigmoid`: max(0, min(1, α x + β)).
struct HardSigmoidOperator: UnaryArithmetic, ElementFunctionOperator {
    static let name = "HardSigmoid"
    private let alpha: Float
    private let beta: Float

    init(_ node: inout NodeReader) throws {
        alpha = try node.float("alpha") ?? 0.2
        beta = try node.float("beta") ?? 0.5
    }

    func elementFunction(_ inputs: [ValueType?]) -> ElementFunction? { .hardSigmoid(alpha, beta) }

    func apply(_ x: Float) -> Float { max(0, min(1, alpha * x + beta)) }
    func apply(_ x: Double) -> Double { max(0, min(1, Double(alpha) * x + Double(beta))) }
}
