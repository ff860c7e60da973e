/// `Sign`: 1 above zero, −1 below, else x itself.
struct SignOperator: UnaryNumeric {
    static let name = "Sign"
    static let operatorSets = 9...ONNXDocument.latestOperatorSet

    @inline(__always) static func apply<Element: NumericElement>(_ x: Element) -> Element {
        x > .zero ? 1 : x < .zero ? Element.difference(.zero, 1) : x
    }
}
