import Foundation
import MLOpsCore
import MLOpsONNX
import MLOpsTensor

/// Reads and writes tensors as files: `.npy` by NumPy, anything else as ONNX's serialized `TensorProto`.
enum TensorFiles {
    /// Reads one tensor.
    static func read(_ path: String) throws -> TensorValue {
        let kind = URL(filePath: path).pathExtension.lowercased()
        guard ["npy", "pb"].contains(kind) else {
            throw MLOpsError(.invalidArgument, "'\(path)' is of an unknown type.", help: "Give a .npy or a .pb file.")
        }
        let bytes: Data
        do { bytes = try Data(contentsOf: URL(filePath: path)) } catch {
            throw MLOpsError(
                .notFound, "The tensor '\(path)' can't be read.", help: "Give a .npy or a .pb file.", cause: error)
        }
        return kind == "npy" ? try NumPyFile.read(bytes) : try TensorValue(onnx: bytes)
    }

    /// Writes sets of tensors into a folder that holds nothing else, as ``readSet(_:in:_:)`` reads them.
    static func write(
        _ sets: [(kind: String, specs: [ModelSignature.TensorSpec], values: [String: TensorValue])], to folder: String
    ) throws {
        let url = URL(filePath: folder)
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw MLOpsError(
                .storage, "The folder '\(folder)' can't be made.", help: "Give the path of a new folder.", cause: error)
        }
        guard try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty else {
            throw MLOpsError(
                .alreadyExists, "The folder '\(folder)' holds files already.", help: "Give a new or an empty folder.")
        }
        for (kind, specs, values) in sets {
            for (index, spec) in specs.enumerated() {
                guard let value = values[spec.name] else { continue }
                try DurableFile.write(try value.onnx(named: spec.name), to: url.appending(path: "\(kind)_\(index).pb"))
            }
        }
    }

    /// The tensors `input_0.pb`, `input_1.pb` … or `output_0.pb` … of a folder, as ONNX's own test data is laid out,
    /// by the names of a signature.
    static func readSet(_ kind: String, in folder: String, _ specs: [ModelSignature.TensorSpec]) throws
        -> [String: TensorValue]
    {
        func path(_ index: Int) -> String? {
            ["pb", "npy"].map { "\(folder)/\(kind)_\(index).\($0)" }.first(where: FileManager.default.fileExists)
        }
        if let more = path(specs.count) {
            throw MLOpsError(
                .invalidArgument, "'\(more)' is one more than the model's \(specs.count) \(kind)s.",
                help: "Give the folder of this model.")
        }
        return try Dictionary(
            uniqueKeysWithValues: specs.enumerated().map { index, spec in
                (spec.name, try read(path(index) ?? "\(folder)/\(kind)_\(index).pb"))
            })
    }
}
