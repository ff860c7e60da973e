/// `Div`: a / b, with broadcasting; whole numbers are rounded toward zero.
struct DivOperator: BinaryArithmetic {
    static let name = "Div"

    @inline(__always) static func apply<Element: NumericElement>(_ a: Element, _ b: Element) -> Element {
        Element.quotient(a, b)
    }
}
