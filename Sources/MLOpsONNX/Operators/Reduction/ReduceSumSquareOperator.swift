/// `ReduceSumSquare`: the sum of the squares along axes.
struct ReduceSumSquareOperator: Reduction {
    static let name = "ReduceSumSquare"
    let axes: ReductionAxes

    init(axes: ReductionAxes) { self.axes = axes }

    static func reduce<Element: CastableElement>(_ row: UnsafeBufferPointer<Element>) -> Double {
        var sum = 0.0
        for x in row { sum += x.real * x.real }
        return sum
    }

    static func reduce<Element: WholeElement>(whole row: UnsafeBufferPointer<Element>) -> Element {
        row.reduce(0) { $0 &+ $1 &* $1 }
    }
}
