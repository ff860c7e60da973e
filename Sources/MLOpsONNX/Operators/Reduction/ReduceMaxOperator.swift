/// `ReduceMax`: the maximum along axes; of none, what nothing is below. A NaN is the maximum of all it is among.
struct ReduceMaxOperator: Reduction {
    static let name = "ReduceMax"
    static let takesTruth = true
    let axes: ReductionAxes

    init(axes: ReductionAxes) { self.axes = axes }

    static func reduce<Element: CastableElement>(_ row: UnsafeBufferPointer<Element>) -> Double {
        var greatest = -Double.infinity
        for x in row where !(x.real <= greatest) {
            greatest = x.real
            if greatest.isNaN { break }
        }
        return greatest
    }

    static func reduce<Element: WholeElement>(whole row: UnsafeBufferPointer<Element>) -> Element {
        row.reduce(.min, max)
    }
}
