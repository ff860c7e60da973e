/// `ReduceL2`: the root of the sum of the squares along axes.
struct ReduceL2Operator: Reduction {
    static let name = "ReduceL2"
    let axes: ReductionAxes

    init(axes: ReductionAxes) { self.axes = axes }

    static func reduce<Element: CastableElement>(_ row: UnsafeBufferPointer<Element>) -> Double {
        ReduceSumSquareOperator.reduce(row).squareRoot()
    }
}
