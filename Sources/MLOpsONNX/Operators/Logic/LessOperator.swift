/// `Less`: whether a < b, with broadcasting.
struct LessOperator: Comparison {
    static let name = "Less"

    @inline(__always) static func holds<Element: Comparable>(_ a: Element, _ b: Element) -> Bool { a < b }
}
