public import Foundation
public import MLOpsCore

/// How far a model leans to one class over another.
public struct PredictionBias: Sendable, Hashable, Codable {
    /// The class toward which a positive bias points.
    public var first: String
    /// The class toward which a negative bias points.
    public var second: String
    /// The bias with its interval; the formula stands with ``PredictionBiasMonitor``.
    public var bias: Estimate
    /// The |bias| from which on the verdict is fail.
    public var limit: Double
    /// Pass, fail, or too few predictions.
    public var verdict: Verdict
    /// When the check was done.
    public var at: Date

    /// The bias in words, such as `Predictions are 30.0 % (95 % CI 10.4–47.6, n = 100) biased to dog over cat`.
    public var message: String {
        let flipped = bias.value < 0
        let shown =
            flipped
            ? Estimate(
                -bias.value, lower: -bias.upper, upper: -bias.lower, count: bias.count, confidence: bias.confidence)
            : bias
        let few = verdict == .insufficient ? "; that is too few to judge" : ""
        return "Predictions are \(shown) biased to \(flipped ? second : first) over \(flipped ? first : second); "
            + "the limit is \(Wording.percent(limit))\(few)."
    }

    /// The finding `bias.<first>-<second>`.
    public func findings() -> [Finding] {
        [Finding(check: "bias.\(first)-\(second)", verdict: verdict, message: message, estimate: bias, at: at)]
    }
}
