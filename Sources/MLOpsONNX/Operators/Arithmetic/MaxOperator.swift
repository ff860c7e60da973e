/// `Max`: the greatest of the inputs; NaN wins, with broadcasting.
struct MaxOperator: VariadicArithmetic {
    static let name = "Max"

    @inline(__always) static func apply<Element: NumericElement>(_ a: Element, _ b: Element) -> Element {
        a > b || a != a ? a : b
    }
}
