internal import Foundation

/// `Cos`: the cosine of radians.
struct CosOperator: UnaryArithmetic {
    static let name = "Cos"

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { cos(x) }
    func apply(_ x: Double) -> Double { cos(x) }
}
