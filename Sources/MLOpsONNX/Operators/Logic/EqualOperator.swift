/// `Equal`: whether a = b, with broadcasting.
struct EqualOperator: Comparison, ElementMover {
    static let name = "Equal"

    static func movesElements(to output: Int) -> Bool { false }

    @inline(__always) static func holds<Element: Comparable>(_ a: Element, _ b: Element) -> Bool { a == b }
}
