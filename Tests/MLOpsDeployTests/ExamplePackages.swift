import MLOpsCore
import MLOpsTestKit

/// Two-class models on two numbers, for the tests of this room.
enum ExamplePackages {
    static let labels = ["cat", "dog"]

    static func model(_ scale: Float = 1) throws -> LinearClassifier {
        try LinearClassifier(weights: [[scale, 0], [0, scale]], bias: [0, 0])
    }

    static func package(_ scale: Float = 1, threshold: Double = 0, skew: Float = 0) async throws -> ModelPackage {
        try await model(scale).package(
            named: "pets", labels: labels, threshold: threshold,
            golden: [TensorValue(shape: [2, 2], floats: [1, 0, 0.25, 0.5])], skew: skew)
    }

    static func input(_ x: Float, _ y: Float) throws -> [String: TensorValue] {
        ["x": try TensorValue(shape: [1, 2], floats: [x, y])]
    }
}
