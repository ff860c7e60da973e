/// `Mul`: a · b, with broadcasting.
struct MulOperator: BinaryArithmetic {
    static let name = "Mul"

    @inline(__always) static func apply<Element: NumericElement>(_ a: Element, _ b: Element) -> Element {
        Element.product(a, b)
    }
}
