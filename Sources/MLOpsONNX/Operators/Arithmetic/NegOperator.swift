/// `Neg`: −x; whole numbers wrap around.
struct NegOperator: UnaryNumeric {
    static let name = "Neg"

    @inline(__always) static func apply<Element: NumericElement>(_ x: Element) -> Element {
        Element.difference(.zero, x)
    }
}
