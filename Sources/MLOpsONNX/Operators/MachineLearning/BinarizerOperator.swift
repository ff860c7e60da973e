internal import MLOpsCore

/// `Binarizer`: 1 for each element above a threshold, else 0.
struct BinarizerOperator: FeatureTransform {
    static let name = "ai.onnx.ml.Binarizer"
    private let threshold: Float

    init(_ node: inout NodeReader) throws { threshold = try node.float("threshold") ?? 0 }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        // The result is of the type of the input, and only floats are computed with.
        guard x.elementType == .float32 else { throw MLOpsError.unsupported(x.elementType, instead: "FP32") }
        return [x.reshaped(x.shape)]
    }

    func apply(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, features: Int) {
        for i in 0..<features { y[i] = x[i] > threshold ? 1 : 0 }
    }
}
