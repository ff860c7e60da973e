/// `BitwiseOr`: the bits that are set in one or both, with broadcasting.
struct BitwiseOrOperator: BitwiseOperation {
    static let name = "BitwiseOr"

    @inline(__always) static func apply<Element: FixedWidthInteger>(_ a: Element, _ b: Element) -> Element { a | b }
}
