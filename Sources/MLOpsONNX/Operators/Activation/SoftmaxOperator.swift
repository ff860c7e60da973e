internal import Foundation

/// `Softmax`: eˣ / Σ eˣ along an axis.
struct SoftmaxOperator: AxisOperator {
    static let name = "Softmax"
    let rows: RowAxis

    init(rows: RowAxis) { self.rows = rows }

    static func apply(_ x: UnsafePointer<Float>, count: Int, step: Int, into y: UnsafeMutablePointer<Float>) {
        var greatest = -Float.infinity
        for i in 0..<count { greatest = max(greatest, x[i * step]) }
        var sum: Float = 0
        for i in 0..<count {
            let power = exp(x[i * step] - greatest)
            y[i * step] = power
            sum += power
        }
        for i in 0..<count { y[i * step] /= sum }
    }
}
