/// `BitwiseAnd`: the bits that are set in both, with broadcasting.
struct BitwiseAndOperator: BitwiseOperation {
    static let name = "BitwiseAnd"

    @inline(__always) static func apply<Element: FixedWidthInteger>(_ a: Element, _ b: Element) -> Element { a & b }
}
