import Foundation
import MLOpsCore
import MLOpsONNX
import MLOpsTensor

/// Reads and writes tensors as files: `.npy` by NumPy, anything else as ONNX's serialized `TensorProto`.
enum TensorFiles {
    /// Reads one tensor.
    static func read(_ path: String) throws -> TensorValue {
        let bytes: Data
        do { bytes = try Data(contentsOf: URL(filePath: path)) } catch {
            throw MLOpsError(
                .notFound, "The tensor '\(path)' can't be read.", help: "Give a .npy or a .pb file.", cause: error)
        }
        return path.hasSuffix(".npy") ? try NumPyFile.read(bytes) : try TensorValue(onnx: bytes)
    }

    /// Writes one tensor aside, then gives it its name.
    static func write(_ value: TensorValue, to path: String) throws {
        let bytes = path.hasSuffix(".npy") ? try NumPyFile.write(value) : try value.onnx()
        try DurableFile.write(bytes, to: URL(filePath: path))
    }

    /// The tensors `input_0.pb`, `input_1.pb` … or `output_0.pb` … of a folder, as ONNX's own test data is laid out,
    /// by the names of a signature.
    static func readSet(_ kind: String, in folder: String, _ specs: [ModelSignature.TensorSpec]) throws
        -> [String: TensorValue]
    {
        try Dictionary(
            uniqueKeysWithValues: specs.enumerated().map { index, spec in
                (spec.name, try read("\(folder)/\(kind)_\(index).pb"))
            })
    }
}
