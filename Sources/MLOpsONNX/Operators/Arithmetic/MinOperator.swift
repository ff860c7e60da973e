/// `Min`: the least of the inputs; NaN wins, with broadcasting.
struct MinOperator: VariadicArithmetic {
    static let name = "Min"

    @inline(__always) static func apply<Element: NumericElement>(_ a: Element, _ b: Element) -> Element {
        a < b || a != a ? a : b
    }
}
