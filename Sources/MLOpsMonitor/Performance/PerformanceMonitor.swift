public import Foundation
public import MLOpsCore

/// Measures a model in production against labels that come late.
///
/// Predictions and labels are joined by inference id. An abstention is not correct: it counts against accuracy and
/// against the recall of its true class, and for no precision. Intervals are Wilson's.
public struct PerformanceMonitor: Sendable {
    /// The least value that a metric may have.
    public struct Limit: Sendable, Hashable, Codable {
        /// The name of the metric: `accuracy`, `precision.dog`, `recall.dog` or `labelCoverage`.
        public var metric: String
        /// The value below which the verdict is fail.
        public var least: Double

        /// Makes a limit.
        public init(_ metric: String, atLeast least: Double) {
            self.metric = metric
            self.least = least
        }

        /// The mean of a metric over chunks of a reference period, less three (or other) standard deviations.
        ///
        /// - Throws: ``MLOpsError`` with `insufficientData` for fewer than 2 chunks.
        public static func fromReference(_ metric: String, chunks: [Double], sigmas: Double = 3) throws -> Limit {
            guard chunks.count >= 2 else {
                throw MLOpsError(
                    .insufficientData, "A limit for '\(metric)' can't be derived from \(chunks.count) chunks.",
                    help: "Give the metric of at least 2 chunks, such as days, of the reference period.")
            }
            let mean = chunks.reduce(0, +) / Double(chunks.count)
            let variance = chunks.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(chunks.count - 1)
            return Limit(metric, atLeast: mean - sigmas * variance.squareRoot())
        }
    }

    /// What the metrics must reach.
    public var limits: [Limit]
    /// With fewer observations of a metric its verdict is `insufficient`.
    public var minimumCount: Int
    /// The confidence of the intervals.
    public var confidence: Double

    /// Makes a monitor.
    public init(limits: [Limit] = [], minimumCount: Int = 30, confidence: Double = 0.95) {
        self.limits = limits
        self.minimumCount = minimumCount
        self.confidence = confidence
    }

    /// The performance in one period, by the labels that were known at a time.
    ///
    /// - Parameters:
    ///   - deployment: only the predictions of that deployment; `nil` for all.
    ///   - knownAt: labels that became known after it count as missing. A log keeps the newest label of a prediction
    ///     only, so a prediction whose label was corrected later counts as not labeled before the correction.
    /// - Throws: What the log throws.
    public func performance(
        in period: DateInterval, of log: any PredictionLog, deployment: String? = nil, knownAt: Date
    ) async throws -> DailyPerformance {
        let predictions = try await log.predictions(from: period.start, to: period.end)
            .filter { deployment == nil || $0.prediction.deployment == deployment }
        return performance(of: predictions, in: period, knownAt: knownAt)
    }

    /// The performance on each day (of a calendar; UTC unless told) that begins in the period.
    public func series(
        over period: DateInterval, of log: any PredictionLog, deployment: String? = nil, knownAt: Date,
        calendar: Calendar? = nil
    ) async throws -> [DailyPerformance] {
        let calendar = calendar ?? Self.utc
        var days: [DailyPerformance] = []
        var start = period.start
        while start < period.end {
            let midnight = calendar.startOfDay(for: start)
            guard let next = calendar.date(byAdding: .day, value: 1, to: midnight), next > start else { break }
            let day = DateInterval(start: start, end: min(next, period.end))
            days.append(try await performance(in: day, of: log, deployment: deployment, knownAt: knownAt))
            start = next
        }
        return days
    }

    /// The performance of predictions that are at hand.
    public func performance(
        of predictions: [LabeledPrediction], in period: DateInterval, knownAt: Date
    ) -> DailyPerformance {
        var confusion: [String: [String: Int]] = [:]
        var abstained: [String: Int] = [:]
        var labeled = 0
        for row in predictions {
            guard let label = row.label, label.at <= knownAt else { continue }
            labeled += 1
            if let answer = row.prediction.label {
                confusion[label.label, default: [:]][answer, default: 0] += 1
            } else {
                abstained[label.label, default: 0] += 1
            }
        }
        let metrics = metrics(confusion, abstained, labeled: labeled, total: predictions.count)
        let checks = limits.map { limit in
            let estimate =
                metrics.first { $0.name == limit.metric }?.estimate ?? .proportion(0, of: 0, confidence: confidence)
            return DailyPerformance.Check(
                metric: limit.metric, limit: limit.least, estimate: estimate,
                verdict: .atLeast(limit.least, estimate, minimumCount: max(1, minimumCount)))
        }
        return DailyPerformance(
            period: period, knownAt: knownAt, predictionCount: predictions.count, labeledCount: labeled,
            confusion: confusion, abstained: abstained, metrics: metrics, checks: checks)
    }

    private func metrics(
        _ confusion: [String: [String: Int]], _ abstained: [String: Int], labeled: Int, total: Int
    ) -> [Metric] {
        func share(_ part: Int, _ whole: Int) -> Estimate { .proportion(part, of: whole, confidence: confidence) }
        let classes = Set(confusion.keys).union(abstained.keys).union(confusion.values.flatMap(\.keys)).sorted()
        let correct = classes.reduce(0) { $0 + (confusion[$1]?[$1] ?? 0) }
        var metrics = [Metric("labelCoverage", share(labeled, total)), Metric("accuracy", share(correct, labeled))]
        for name in classes {
            let hits = confusion[name]?[name] ?? 0
            let answered = confusion.values.reduce(0) { $0 + ($1[name] ?? 0) }
            let actual = (confusion[name]?.values.reduce(0, +) ?? 0) + (abstained[name] ?? 0)
            metrics.append(Metric("precision.\(name)", share(hits, answered)))
            metrics.append(Metric("recall.\(name)", share(hits, actual)))
        }
        return metrics
    }

    private static var utc: Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }
}
