/// `ArgMin`: the place of the least element along an axis.
struct ArgMinOperator: ArgReduction {
    static let name = "ArgMin"
    let search: ArgSearch

    init(search: ArgSearch) { self.search = search }

    @inline(__always) static func isBetter<Element: Comparable>(_ a: Element, than b: Element) -> Bool { a < b }
}
