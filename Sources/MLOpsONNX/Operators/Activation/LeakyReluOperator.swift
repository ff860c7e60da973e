internal import MLOpsTensor

/// `LeakyRelu`: x, and α x below zero.
struct LeakyReluOperator: UnaryArithmetic, ElementFunctionOperator {
    static let name = "LeakyRelu"
    private let alpha: Float

    init(_ node: inout NodeReader) throws { alpha = try node.float("alpha") ?? 0.01 }

    func elementFunction(_ inputs: [ValueType?]) -> ElementFunction? { .leaky(alpha) }

    func apply(_ x: Float) -> Float { x < 0 ? alpha * x : x }
    func apply(_ x: Double) -> Double { x < 0 ? Double(alpha) * x : x }
}
