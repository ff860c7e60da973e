/// `BitwiseXor`: the bits that are set in one alone, with broadcasting.
struct BitwiseXorOperator: BitwiseOperation {
    static let name = "BitwiseXor"

    @inline(__always) static func apply<Element: FixedWidthInteger>(_ a: Element, _ b: Element) -> Element { a ^ b }
}
