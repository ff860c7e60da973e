import Foundation
import MLOpsCore

/// A model with inputs, and the outputs of ONNX Runtime for them.
struct StoredModel {
    private struct Description: Decodable {
        struct Tensor: Decodable {
            let name: String
            let type: String
            let shape: [Int]
            let file: String
        }
        let inputs: [Tensor]
        let outputs: [Tensor]
    }

    private let folder: URL
    private let description: Description

    init(at folder: URL) throws {
        self.folder = folder
        description = try JSONDecoder().decode(
            Description.self, from: Data(contentsOf: folder.appending(path: "model.json")))
    }

    /// The file of the model.
    var file: URL { folder.appending(path: "model.onnx") }

    /// The inputs by name.
    func inputs() throws -> [String: TensorValue] {
        var values: [String: TensorValue] = [:]
        for tensor in description.inputs { values[tensor.name] = try value(tensor) }
        return values
    }

    /// The greatest difference of outputs from the stored ones, as a share of the greatest of these, 1 at least.
    func difference(_ outputs: [String: TensorValue]) throws -> Float {
        var greatest: Float = 0
        for tensor in description.outputs where tensor.type == "FP32" {
            guard let output = outputs[tensor.name] else { return .infinity }
            let (found, wanted) = (try output.floats(), try value(tensor).floats())
            guard found.count == wanted.count else { return .infinity }
            let size = max(1, wanted.map(abs).max() ?? 1)
            for (a, b) in zip(found, wanted) {
                let difference = abs(a - b) / size
                greatest = difference.isNaN ? .infinity : max(greatest, difference)
            }
        }
        return greatest
    }

    private func value(_ tensor: Description.Tensor) throws -> TensorValue {
        guard let type = ElementType(rawValue: tensor.type) else {
            throw MLOpsError(.unsupported, "There is no type '\(tensor.type)'.", help: "Write the model again.")
        }
        let bytes = try Data(contentsOf: folder.appending(path: tensor.file))
        return try TensorValue(type, shape: tensor.shape, bytes: [UInt8](bytes))
    }
}
