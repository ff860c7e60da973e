public import MLOpsCore

/// A limit that a metric must keep for a model to pass its test.
public struct Requirement: Sendable, Hashable, Codable {
    /// On which side of the limit the metric must lie.
    public enum Side: String, Sendable, Hashable, Codable {
        /// At the limit or above, as an accuracy.
        case atLeast
        /// At the limit or below, as a loss.
        case atMost
    }

    /// How much of the estimate must keep the limit.
    public enum Strictness: String, Sendable, Hashable, Codable {
        /// The value.
        case value
        /// The whole interval: fail when all of it is beyond the limit, insufficient when the limit lies inside.
        case interval
    }

    /// The name of the metric; see ``ClassificationMetrics``, and `accuracy@KEY=VALUE` for a slice.
    public var metric: String
    /// On which side of the limit it must lie.
    public var side: Side
    /// The limit.
    public var limit: Double
    /// How much of the estimate must keep the limit.
    public var strictness: Strictness
    /// With fewer observations the verdict is insufficient.
    public var minimumCount: Int

    /// Makes a requirement.
    public init(
        _ metric: String, _ side: Side, _ limit: Double, by strictness: Strictness = .value, minimumCount: Int = 30
    ) {
        self.metric = metric
        self.side = side
        self.limit = limit
        self.strictness = strictness
        self.minimumCount = minimumCount
    }

    /// Judges an estimate of the metric.
    public func verdict(on estimate: Estimate) -> Verdict {
        guard estimate.count >= minimumCount, estimate.value.isFinite, limit.isFinite else { return .insufficient }
        // Turned around for an upper limit, so that greater is always better.
        let (value, worst, best, limit) =
            side == .atLeast
            ? (estimate.value, estimate.lower, estimate.upper, self.limit)
            : (-estimate.value, -estimate.upper, -estimate.lower, -self.limit)
        switch strictness {
        case .value: return value >= limit ? .pass : .fail
        case .interval: return worst >= limit ? .pass : best < limit ? .fail : .insufficient
        }
    }
}

extension Requirement: CustomStringConvertible {
    /// The requirement in a line, such as `recall.cat ≥ 0.95`.
    public var description: String {
        "\(metric) \(side == .atLeast ? "≥" : "≤") \(limit)" + (strictness == .interval ? " by its interval" : "")
    }
}
