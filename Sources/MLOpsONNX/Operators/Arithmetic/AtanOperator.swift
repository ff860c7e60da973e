internal import Foundation

/// `Atan`: the arc tangent, in radians.
struct AtanOperator: UnaryArithmetic {
    static let name = "Atan"

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { atan(x) }
    func apply(_ x: Double) -> Double { atan(x) }
}
