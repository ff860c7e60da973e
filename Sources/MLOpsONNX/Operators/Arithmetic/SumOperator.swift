/// `Sum`: the sum of the inputs, with broadcasting.
struct SumOperator: VariadicArithmetic {
    static let name = "Sum"

    @inline(__always) static func apply<Element: NumericElement>(_ a: Element, _ b: Element) -> Element {
        Element.sum(a, b)
    }
}
