internal import MLOpsTensor
internal import Synchronization

/// A constant matrix that is packed when it is first multiplied by, and from then on kept in that form alone.
final class KeptMatrix: Sendable {
    /// The rows, K.
    let terms: Int
    /// The columns, N.
    let columns: Int

    /// The matrix as it came, until it is packed.
    private enum State {
        case plain(Value, transposed: Bool)
        case packed(PackedMatrix)
    }

    private let state: Mutex<State>

    /// Takes in a matrix [K, N], or [N, K] when it is transposed.
    init(_ matrix: Value, transposed: Bool) {
        (terms, columns) =
            transposed ? (matrix.shape[1], matrix.shape[0]) : (matrix.shape[0], matrix.shape[1])
        state = Mutex(.plain(matrix, transposed: transposed))
    }

    /// The matrix for products.
    func packed(_ compute: Compute) throws -> PackedMatrix {
        try state.withLock { state in
            switch state {
            case .packed(let matrix): return matrix
            case .plain(let value, let transposed):
                let matrix = try value.withFloats(compute) {
                    PackedMatrix($0, terms: terms, columns: columns, transposed: transposed, compute)
                }
                state = .packed(matrix)
                return matrix
            }
        }
    }
}
