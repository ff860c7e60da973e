public import Foundation
public import MLOpsCore

/// How a model did in one period, usually a day, by the labels known at a time.
public struct DailyPerformance: Sendable, Hashable, Codable {
    /// A metric against its limit.
    public struct Check: Sendable, Hashable, Codable {
        /// The name of the metric.
        public var metric: String
        /// The least value that it may have.
        public var limit: Double
        /// The measured value.
        public var estimate: Estimate
        /// Pass, fail, or too few observations.
        public var verdict: Verdict
    }

    /// The period in which the predictions were made.
    public var period: DateInterval
    /// The time up to which labels count.
    public var knownAt: Date
    /// The number of predictions.
    public var predictionCount: Int
    /// The number of them whose truth is known.
    public var labeledCount: Int
    /// Counts by true class, then by predicted class.
    public var confusion: [String: [String: Int]]
    /// The number of abstentions by true class.
    public var abstained: [String: Int]
    /// `labelCoverage`, `accuracy`, and `precision.<class>` and `recall.<class>` for each class.
    public var metrics: [Metric]
    /// Each limit with its verdict.
    public var checks: [Check]

    /// The verdict of all checks together.
    public var verdict: Verdict { .all(checks.map(\.verdict)) }

    /// The estimate of a metric by name.
    public func estimate(_ metric: String) -> Estimate? { metrics.first { $0.name == metric }?.estimate }

    /// A finding `performance.<metric>` for each check.
    public func findings() -> [Finding] {
        checks.map { check in
            let few = check.verdict == .insufficient ? "; that is too few to judge" : ""
            return Finding(
                check: "performance.\(check.metric)", verdict: check.verdict,
                message: "\(check.metric) is \(check.estimate), limit \(Wording.percent(check.limit))\(few).",
                estimate: check.estimate, at: knownAt)
        }
    }
}
