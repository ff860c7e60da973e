internal import Foundation

/// `ReduceLogSumExp`: the logarithm of the sum of eˣ along axes, without overflow; −∞ of none.
struct ReduceLogSumExpOperator: Reduction {
    static let name = "ReduceLogSumExp"
    static let takesWhole = false
    let axes: ReductionAxes

    init(axes: ReductionAxes) { self.axes = axes }

    static func reduce<Element: CastableElement>(_ row: UnsafeBufferPointer<Element>) -> Double {
        let greatest = ReduceMaxOperator.reduce(row)
        guard greatest.isFinite else { return greatest }
        var sum = 0.0
        for x in row { sum += exp(x.real - greatest) }
        return greatest + log(sum)
    }
}
