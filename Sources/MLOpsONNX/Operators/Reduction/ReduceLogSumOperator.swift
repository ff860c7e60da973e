internal import Foundation

/// `ReduceLogSum`: the logarithm of the sum along axes; −∞ of none.
struct ReduceLogSumOperator: Reduction {
    static let name = "ReduceLogSum"
    static let takesWhole = false
    let axes: ReductionAxes

    init(axes: ReductionAxes) { self.axes = axes }

    static func reduce<Element: CastableElement>(_ row: UnsafeBufferPointer<Element>) -> Double {
        log(ReduceSumOperator.reduce(row))
    }
}
