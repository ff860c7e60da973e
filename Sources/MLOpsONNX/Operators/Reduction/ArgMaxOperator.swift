/// `ArgMax`: the place of the greatest element along an axis.
struct ArgMaxOperator: ArgReduction {
    static let name = "ArgMax"
    let search: ArgSearch

    init(search: ArgSearch) { self.search = search }

    @inline(__always) static func isBetter<Element: Comparable>(_ a: Element, than b: Element) -> Bool { a > b }
}
