/// `Greater`: whether a > b, with broadcasting.
struct GreaterOperator: Comparison {
    static let name = "Greater"

    @inline(__always) static func holds<Element: Comparable>(_ a: Element, _ b: Element) -> Bool { a > b }
}
