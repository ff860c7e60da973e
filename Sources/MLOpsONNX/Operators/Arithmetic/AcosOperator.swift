internal import Foundation

/// `Acos`: the arc cosine, in radians.
struct AcosOperator: UnaryArithmetic {
    static let name = "Acos"

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { acos(x) }
    func apply(_ x: Double) -> Double { acos(x) }
}
