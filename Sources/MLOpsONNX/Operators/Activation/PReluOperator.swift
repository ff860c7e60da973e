internal import MLOpsCore

/// `PRelu`: x, and x times a slope below zero; the slope is broadcast to the input's shape.
struct PReluOperator: BinaryArithmetic {
    static let name = "PRelu"

    @inline(__always) static func apply<Element: NumericElement>(_ x: Element, _ slope: Element) -> Element {
        x < .zero ? Element.product(x, slope) : x
    }
}
