/// `ReduceMean`: the mean along axes; NaN of none.
struct ReduceMeanOperator: Reduction {
    static let name = "ReduceMean"
    let axes: ReductionAxes

    init(axes: ReductionAxes) { self.axes = axes }

    static func reduce<Element: CastableElement>(_ row: UnsafeBufferPointer<Element>) -> Double {
        ReduceSumOperator.reduce(row) / Double(row.count)
    }
}
