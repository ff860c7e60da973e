internal import Foundation

/// `Softplus`: log(1 + eˣ), without overflow.
struct SoftplusOperator: UnaryArithmetic {
    static let name = "Softplus"

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { max(x, 0) + log1p(exp(-abs(x))) }
    func apply(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
}
