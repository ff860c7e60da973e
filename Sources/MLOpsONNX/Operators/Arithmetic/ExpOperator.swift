internal import Foundation

/// `Exp`: eˣ.
struct ExpOperator: UnaryArithmetic {
    static let name = "Exp"

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { exp(x) }
    func apply(_ x: Double) -> Double { exp(x) }
}
