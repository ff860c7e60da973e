internal import MLOpsCore

/// The shapes of two factors, with a vector made a matrix of one row (left) or one column (right).
struct MatrixProductShape {
    let batchA: [Int]
    let batchB: [Int]
    let batch: [Int]
    let rows: Int
    let depth: Int
    let columns: Int
    /// The shape of the result, without the dimension that a vector was given.
    let shape: [Int]

    init(_ a: [Int], _ b: [Int]) throws {
        let x = a.count == 1 ? [1] + a : a
        let y = b.count == 1 ? b + [1] : b
        guard x.count >= 2, y.count >= 2 else { throw Self.mistake(a, b) }
        (rows, depth, columns) = (x[x.count - 2], x[x.count - 1], y[y.count - 1])
        let inner = y[y.count - 2]
        guard depth == inner || depth == -1 || inner == -1 else { throw Self.mistake(a, b) }
        (batchA, batchB) = (Array(x.dropLast(2)), Array(y.dropLast(2)))
        batch = try Broadcast.shape(batchA, batchB)
        shape = batch + (a.count == 1 ? [] : [rows]) + (b.count == 1 ? [] : [columns])
    }

    private static func mistake(_ a: [Int], _ b: [Int]) -> MLOpsError {
        MLOpsError(
            .invalidArgument, "Tensors \(a) and \(b) can't be multiplied as matrices.",
            help: "Give […, M, K] and […, K, N].")
    }
}
