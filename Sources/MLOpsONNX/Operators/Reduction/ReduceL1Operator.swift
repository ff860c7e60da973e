/// `ReduceL1`: the sum of the magnitudes along axes.
struct ReduceL1Operator: Reduction {
    static let name = "ReduceL1"
    let axes: ReductionAxes

    init(axes: ReductionAxes) { self.axes = axes }

    static func reduce<Element: CastableElement>(_ row: UnsafeBufferPointer<Element>) -> Double {
        var sum = 0.0
        for x in row { sum += abs(x.real) }
        return sum
    }

    static func reduce<Element: WholeElement>(whole row: UnsafeBufferPointer<Element>) -> Element {
        row.reduce(0) { $1 < 0 ? $0 &- $1 : $0 &+ $1 }
    }
}
