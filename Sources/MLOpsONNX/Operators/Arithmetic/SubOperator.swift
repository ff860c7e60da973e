/// `Sub`: a − b, with broadcasting.
struct SubOperator: BinaryArithmetic {
    static let name = "Sub"

    @inline(__always) static func apply<Element: NumericElement>(_ a: Element, _ b: Element) -> Element {
        Element.difference(a, b)
    }
}
