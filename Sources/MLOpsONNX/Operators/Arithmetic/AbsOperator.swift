/// `Abs`: |x|; of the lowest whole number, itself.
struct AbsOperator: UnaryNumeric {
    static let name = "Abs"

    @inline(__always) static func apply<Element: NumericElement>(_ x: Element) -> Element {
        x < .zero ? Element.difference(.zero, x) : x
    }
}
