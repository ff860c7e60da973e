internal import Foundation

/// `Erf`: the error function, 2 / √π ∫₀ˣ e^(−t²) dt.
struct ErfOperator: UnaryArithmetic {
    static let name = "Erf"
    static let operatorSets = 9...ONNXDocument.latestOperatorSet

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { erf(x) }
    func apply(_ x: Double) -> Double { erf(x) }
}
