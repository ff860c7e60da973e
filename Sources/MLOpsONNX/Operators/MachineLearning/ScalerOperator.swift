internal import MLOpsCore

/// `Scaler`: (x − offset) · scale of each feature.
struct ScalerOperator: FeatureTransform {
    static let name = "ai.onnx.ml.Scaler"
    private let offset: [Float]
    private let scale: [Float]

    init(_ node: inout NodeReader) throws {
        offset = try node.floats("offset") ?? [0]
        scale = try node.floats("scale") ?? [1]
    }

    func check(features: Int) throws {
        try check(offset, "offset", features: features)
        try check(scale, "scale", features: features)
    }

    func apply(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, features: Int) {
        for i in 0..<features {
            y[i] = (x[i] - offset[offset.count == 1 ? 0 : i]) * scale[scale.count == 1 ? 0 : i]
        }
    }
}
