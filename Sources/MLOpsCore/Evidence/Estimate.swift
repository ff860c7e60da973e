/// A number computed from a sample, with how many observations it rests on and its confidence interval.
public struct Estimate: Sendable, Hashable, Codable {
    /// The value in the sample.
    public var value: Double
    /// The lower end of the interval.
    public var lower: Double
    /// The upper end of the interval.
    public var upper: Double
    /// The number of observations.
    public var count: Int
    /// The confidence of the interval, such as 0.95.
    public var confidence: Double

    /// Makes an estimate.
    public init(_ value: Double, lower: Double, upper: Double, count: Int, confidence: Double = 0.95) {
        self.value = value
        self.lower = lower
        self.upper = upper
        self.count = count
        self.confidence = confidence
    }

    /// The Wilson score interval of a proportion.
    ///
    /// With no trials the value is 0 and the interval all of 0…1.
    /// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 1927.
    public static func proportion(
        _ successes: Int, of trials: Int, confidence: Double = 0.95
    ) -> Estimate {
        precondition(
            successes >= 0 && trials >= successes, "\(successes) successes of \(trials) trials can't be")
        guard trials > 0 else { return Estimate(0, lower: 0, upper: 1, count: 0, confidence: confidence) }
        let z = NormalDistribution.quantile((1 + confidence) / 2)
        let n = Double(trials)
        let p = Double(successes) / n
        let center = (p + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        return Estimate(
            p, lower: successes == 0 ? 0 : center - half, upper: successes == trials ? 1 : center + half, count: trials,
            confidence: confidence)
    }
}

extension Estimate: CustomStringConvertible {
    /// The value and its interval in percent, such as `97.2 % (95 % CI 96.8–97.5, n = 4584)`.
    public var description: String {
        func percent(_ x: Double) -> String {
            guard abs(x) < 1e12 else { return "\(x)" }
            let tenths = Int((x * 1000).rounded())
            return (tenths < 0 ? "-" : "") + "\(abs(tenths) / 10).\(abs(tenths) % 10)"
        }
        return "\(percent(value)) % (\(Int((confidence * 100).rounded())) % CI \(percent(lower))–\(percent(upper)), "
            + "n = \(count))"
    }
}
