internal import Foundation

/// `Sin`: the sine of radians.
struct SinOperator: UnaryArithmetic {
    static let name = "Sin"

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { sin(x) }
    func apply(_ x: Double) -> Double { sin(x) }
}
