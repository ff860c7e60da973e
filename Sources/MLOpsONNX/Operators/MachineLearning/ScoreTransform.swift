#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// What is done to the scores of a row at the end. Source: the ONNX standard, ai.onnx.ml, `post_transform`.
enum ScoreTransform: String, CaseIterable, Sendable {
    case none = "NONE"
    case softmax = "SOFTMAX"
    case logistic = "LOGISTIC"
    case softmaxZero = "SOFTMAX_ZERO"
    case probit = "PROBIT"

    /// Changes the scores of one row.
    func apply(_ scores: UnsafeMutableBufferPointer<Float>) {
        switch self {
        case .none: break
        case .logistic: for i in scores.indices { scores[i] = Self.logistic(scores[i]) }
        case .probit: for i in scores.indices { scores[i] = Self.probit(scores[i]) }
        case .softmax, .softmaxZero:
            guard let greatest = scores.max() else { return }
            var sum: Float = 0
            for i in scores.indices {
                // SOFTMAX_ZERO leaves out what is 0.
                if self == .softmaxZero, abs(scores[i]) <= 1e-7 {
                    scores[i] *= exp(-greatest)
                } else {
                    scores[i] = exp(scores[i] - greatest)
                    sum += scores[i]
                }
            }
            for i in scores.indices { scores[i] /= sum }
        }
    }

    /// 1 / (1 + e⁻ˣ), without overflow.
    static func logistic(_ x: Float) -> Float {
        let y = 1 / (1 + exp(-abs(x)))
        return x < 0 ? 1 - y : y
    }

    /// √2 · erf⁻¹(2x − 1) by Winitzki's approximation with a = 0.147, which the standard's reference also takes.
    private static func probit(_ x: Float) -> Float {
        let y = 2 * x - 1
        let logarithm = log((1 - y) * (1 + y))
        let half = 2 / (Float.pi * 0.147) + 0.5 * logarithm
        let root = (-half + (half * half - logarithm / 0.147).squareRoot()).squareRoot()
        return Float(2).squareRoot() * (y < 0 ? -root : root)
    }
}
