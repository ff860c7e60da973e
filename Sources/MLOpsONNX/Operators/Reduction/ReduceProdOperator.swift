/// `ReduceProd`: the product along axes; 1 of none.
struct ReduceProdOperator: Reduction {
    static let name = "ReduceProd"
    let axes: ReductionAxes

    init(axes: ReductionAxes) { self.axes = axes }

    static func reduce<Element: CastableElement>(_ row: UnsafeBufferPointer<Element>) -> Double {
        var product = 1.0
        for x in row { product *= x.real }
        return product
    }

    static func reduce<Element: WholeElement>(whole row: UnsafeBufferPointer<Element>) -> Element {
        row.reduce(1, &*)
    }
}
