internal import MLOpsCore

/// `Normalizer`: each row divided by its greatest element, the sum of its magnitudes, or its length; a row whose
/// divisor is 0 stays.
struct NormalizerOperator: FeatureTransform {
    static let name = "ai.onnx.ml.Normalizer"
    private enum Norm: String, CaseIterable { case MAX, L1, L2 }
    private let norm: Norm

    init(_ node: inout NodeReader) throws { norm = try node.choice("norm", default: .MAX) }

    func apply(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, features: Int) {
        let row = UnsafeBufferPointer(start: x, count: features)
        let divisor: Float =
            switch norm {
            case .MAX: row.max() ?? 0
            case .L1: row.reduce(0) { $0 + abs($1) }
            case .L2: row.reduce(0) { $0 + $1 * $1 }.squareRoot()
            }
        for i in 0..<features { y[i] = divisor == 0 ? x[i] : x[i] / divisor }
    }
}
