internal import Foundation
internal import MLOpsTensor

/// `Erf`: the error function, 2 / √π ∫₀ˣ e^(−t²) dt.
struct ErfOperator: UnaryArithmetic, ElementFunctionOperator {
    static let name = "Erf"
    static let operatorSets = 9...ONNXDocument.latestOperatorSet

    init(_ node: inout NodeReader) throws {}

    func elementFunction(_ inputs: [ValueType?]) -> ElementFunction? { .errorFunction }

    func apply(_ x: Float) -> Float { erf(x) }
    func apply(_ x: Double) -> Double { erf(x) }
}
