import Foundation
import MLOpsCore
import MLOpsServing
import MLOpsTestKit

/// Models for the tests of this room.
enum ExampleModels {
    static func package(_ scale: Float = 1, threshold: Double = 0, skew: Float = 0) async throws -> ModelPackage {
        try await LinearClassifier(weights: [[scale, 0], [0, scale]], bias: [0, 0]).package(
            named: "pets", labels: ["cat", "dog"], threshold: threshold,
            golden: [TensorValue(shape: [2, 2], floats: [1, 0, 0.25, 0.5])], skew: skew)
    }

    static func pets(_ scale: Float = 1, threshold: Double = 0, skew: Float = 0) async throws -> ServedModel {
        let package = try await package(scale, threshold: threshold, skew: skew)
        return ServedModel("pets", package: package, predictor: try LinearClassifier(package: package))
    }

    /// A model on pictures of 2 × 2 pixels: the share of light decides.
    static func pictures() async throws -> ServedModel {
        let model = try LinearClassifier(
            input: .init("image", .uint8, shape: [-1, 2, 2, 3]),
            weights: [[Float](repeating: 0.5, count: 12), [Float](repeating: -0.5, count: 12)], bias: [-3, 3])
        let package = try await model.package(
            named: "light", labels: ["light", "dark"],
            golden: [TensorValue(.uint8, shape: [1, 2, 2, 3], bytes: [UInt8](repeating: 200, count: 12))])
        return ServedModel("light", package: package, predictor: model, decoder: RawPictures()) { row in
            let bytes = row["image"]?.bytes ?? []
            return ["brightness": Double(bytes.reduce(0) { $0 + Int($1) }) / Double(bytes.count)]
        }
    }

    /// Gives its input back, whatever the type.
    static func echo(_ type: ElementType) throws -> ServedModel {
        let spec = ModelSignature.TensorSpec("x", type, shape: [-1, 2])
        let signature = ModelSignature(inputs: [spec], outputs: [.init("y", type, shape: [-1, 2])])
        let package = try ModelPackage(
            manifest: .init(name: "echo", format: .init("none"), signature: signature, labels: []), files: [])
        return ServedModel("echo", package: package, predictor: ClosurePredictor(signature) { ["y": $0["x"]] })
    }
}

/// A decoder of pictures in a format of its own: the letter `P`, then the pixels.
struct RawPictures: InputDecoder {
    func decode(_ bytes: [UInt8], for spec: ModelSignature.TensorSpec) throws -> TensorValue {
        let shape = Array(spec.shape.dropFirst())
        guard bytes.first == UInt8(ascii: "P"), bytes.count == 1 + shape.reduce(1, *) else {
            throw MLOpsError(.corruptData, "These \(bytes.count) bytes are no picture.", help: "Send another one.")
        }
        return try TensorValue(.uint8, shape: shape, bytes: Array(bytes.dropFirst()))
    }
}

/// A predictor that answers by a closure.
struct ClosurePredictor: Predictor {
    let signature: ModelSignature
    let answer: @Sendable ([String: TensorValue]) async throws -> [String: TensorValue?]

    init(
        _ signature: ModelSignature,
        _ answer: @escaping @Sendable ([String: TensorValue]) async throws -> [String: TensorValue?]
    ) {
        self.signature = signature
        self.answer = answer
    }

    func predict(_ inputs: [String: TensorValue]) async throws -> [String: TensorValue] {
        try signature.check(inputs: inputs)
        return try await answer(inputs).compactMapValues { $0 }
    }
}
