/// `Equal`: whether a = b, with broadcasting.
struct EqualOperator: Comparison {
    static let name = "Equal"

    @inline(__always) static func holds<Element: Comparable>(_ a: Element, _ b: Element) -> Bool { a == b }
}
