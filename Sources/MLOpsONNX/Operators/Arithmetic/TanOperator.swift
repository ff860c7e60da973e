internal import Foundation

/// `Tan`: the tangent of radians.
struct TanOperator: UnaryArithmetic {
    static let name = "Tan"

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { tan(x) }
    func apply(_ x: Double) -> Double { tan(x) }
}
