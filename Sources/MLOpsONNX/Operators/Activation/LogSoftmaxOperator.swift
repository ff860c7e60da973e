internal import Foundation

/// `LogSoftmax`: x − log Σ eˣ along an axis.
struct LogSoftmaxOperator: AxisOperator {
    static let name = "LogSoftmax"
    let rows: RowAxis

    init(rows: RowAxis) { self.rows = rows }

    static func apply(_ x: UnsafePointer<Float>, count: Int, step: Int, into y: UnsafeMutablePointer<Float>) {
        var greatest = -Float.infinity
        for i in 0..<count { greatest = max(greatest, x[i * step]) }
        var sum: Float = 0
        for i in 0..<count { sum += exp(x[i * step] - greatest) }
        let logSum = log(sum)
        for i in 0..<count { y[i * step] = x[i * step] - greatest - logSum }
    }
}
