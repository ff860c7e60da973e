/// `Add`: a + b, with broadcasting.
struct AddOperator: BinaryArithmetic {
    static let name = "Add"

    @inline(__always) static func apply<Element: NumericElement>(_ a: Element, _ b: Element) -> Element {
        Element.sum(a, b)
    }
}
