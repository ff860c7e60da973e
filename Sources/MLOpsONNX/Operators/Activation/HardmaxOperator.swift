/// `Hardmax`: 1 for the first of the greatest elements along an axis, else 0.
struct HardmaxOperator: AxisOperator {
    static let name = "Hardmax"
    let rows: RowAxis

    init(rows: RowAxis) { self.rows = rows }

    static func apply(_ x: UnsafePointer<Float>, count: Int, step: Int, into y: UnsafeMutablePointer<Float>) {
        var best = 0
        for i in 0..<count {
            if x[i * step] > x[best * step] { best = i }
            y[i * step] = 0
        }
        y[best * step] = 1
    }
}
