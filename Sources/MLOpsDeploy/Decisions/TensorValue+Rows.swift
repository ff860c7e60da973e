package import MLOpsCore

extension TensorValue {
    /// The extent of the batch; `nil` for a scalar.
    package var rowCount: Int? { shape.first }

    /// Row i as a batch of one.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when there is no such row.
    package func row(_ index: Int) throws -> TensorValue {
        guard let count = rowCount, index >= 0, index < count else {
            throw MLOpsError(
                .invalidArgument, "The tensor \(elementType.rawValue)\(shape) has no row \(index).",
                help: "Ask for a row of the first dimension.")
        }
        let one = [1] + shape.dropFirst()
        if elementType == .bytes {
            let size = one.reduce(1, *)
            let strings = try byteStrings()[index * size..<(index + 1) * size]
            let flat = try TensorValue(byteStrings: strings.map(Array.init))
            return try TensorValue(.bytes, shape: one, bytes: flat.bytes)
        }
        let size = bytes.count / count
        return try TensorValue(elementType, shape: one, bytes: Array(bytes[index * size..<(index + 1) * size]))
    }

    /// Batches of equal type and row shape as one.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when there are none, or they don't fit together.
    package static func concatenating(_ batches: [TensorValue]) throws -> TensorValue {
        guard let first = batches.first, first.rowCount != nil,
            batches.allSatisfy({
                $0.elementType == first.elementType && $0.shape.dropFirst() == first.shape.dropFirst()
                    && $0.shape.count == first.shape.count
            })
        else {
            throw MLOpsError(
                .invalidArgument, "The tensors \(batches.map(\.shape)) don't make one batch.",
                help: "Give tensors of one type that differ in the first dimension only.")
        }
        let rows = batches.reduce(0) { $0 + ($1.rowCount ?? 0) }
        return try TensorValue(
            first.elementType, shape: [rows] + first.shape.dropFirst(), bytes: batches.flatMap(\.bytes))
    }
}
