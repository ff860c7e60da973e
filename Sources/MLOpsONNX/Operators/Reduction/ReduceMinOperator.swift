/// `ReduceMin`: the minimum along axes; of none, what nothing is above. A NaN is the minimum of all it is among.
struct ReduceMinOperator: Reduction {
    static let name = "ReduceMin"
    static let takesTruth = true
    let axes: ReductionAxes

    init(axes: ReductionAxes) { self.axes = axes }

    static func reduce<Element: CastableElement>(_ row: UnsafeBufferPointer<Element>) -> Double {
        var least = Double.infinity
        for x in row where !(x.real >= least) {
            least = x.real
            if least.isNaN { break }
        }
        return least
    }

    static func reduce<Element: WholeElement>(whole row: UnsafeBufferPointer<Element>) -> Element {
        row.reduce(.max, min)
    }
}
