/// `ReduceSum`: the sum along axes; 0 of none.
struct ReduceSumOperator: Reduction {
    static let name = "ReduceSum"
    static let axesInputSince = 13
    let axes: ReductionAxes

    init(axes: ReductionAxes) { self.axes = axes }

    static func reduce<Element: CastableElement>(_ row: UnsafeBufferPointer<Element>) -> Double {
        var sum = 0.0
        for x in row { sum += x.real }
        return sum
    }

    static func reduce<Element: WholeElement>(whole row: UnsafeBufferPointer<Element>) -> Element {
        row.reduce(0, &+)
    }
}
