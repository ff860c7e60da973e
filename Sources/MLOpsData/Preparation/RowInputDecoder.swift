internal import Foundation
public import MLOpsCore

/// A row as a JSON object, such as `{"age": 3, "breed": "beagle"}`, to the numbers that a model takes: in serving as in
/// training.
///
/// A column that is absent or null is missing. A column that the preprocessing does not know is refused, so that a
/// misspelled one is not taken for a missing one.
public struct RowInputDecoder: InputDecoder, Hashable {
    /// What the columns are.
    public var preprocessing: TabularPreprocessing
    /// The most bytes that a row may have.
    public var maxBytes: Int

    /// Makes a decoder.
    public init(_ preprocessing: TabularPreprocessing, maxBytes: Int = 1 << 20) {
        self.preprocessing = preprocessing
        self.maxBytes = maxBytes
    }

    /// Whether the input is `FP64` [N, columns].
    public func decodes(_ spec: ModelSignature.TensorSpec) -> Bool {
        spec.elementType == .float64 && spec.shape.count == 2 && spec.shape[1] == preprocessing.columns.count
    }

    /// The numbers [columns] of the row in `bytes`, as `FP64`.
    ///
    /// - Throws: ``MLOpsError`` with `corruptData` for bytes that are no JSON object of numbers, texts and nulls,
    ///   `limitExceeded` for too many, `invalidArgument` when `spec` is not `FP64` [N, columns], or as
    ///   `TabularPreprocessing.row(of:)`.
    public func decode(_ bytes: [UInt8], for spec: ModelSignature.TensorSpec) throws -> TensorValue {
        let count = preprocessing.columns.count
        guard decodes(spec) else {
            throw MLOpsError(
                .invalidArgument,
                "A row of \(count) columns can't become the input '\(spec.name)', "
                    + "\(spec.elementType.rawValue)\(spec.shape).",
                help: "Give the model an input FP64[-1, \(count)].")
        }
        guard bytes.count <= maxBytes else {
            throw MLOpsError(
                .limitExceeded, "The row has \(bytes.count) bytes; the limit is \(maxBytes).",
                help: "Raise maxBytes, or send a smaller row.")
        }
        let values = try CanonicalJSON.decode([String: DataValue].self, from: Data(bytes), source: "the row")
        let row = try preprocessing.row(of: values)
        return try TensorValue(.float64, shape: [count], bytes: row.withUnsafeBytes { Array($0) })
    }
}
