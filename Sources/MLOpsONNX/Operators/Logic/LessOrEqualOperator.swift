/// `LessOrEqual`: whether a ≤ b, with broadcasting.
struct LessOrEqualOperator: Comparison {
    static let name = "LessOrEqual"
    static let operatorSets = 12...ONNXDocument.latestOperatorSet

    @inline(__always) static func holds<Element: Comparable>(_ a: Element, _ b: Element) -> Bool { a <= b }
}
