public import Foundation
public import MLOpsCore

/// Compares how a model treats groups of predictions, such as those of each camera.
///
/// Demographic parity compares the share predicted as ``positive``; equalized odds compares the true-positive and the
/// false-positive rate and takes the larger difference. Each is the largest rate of a group less the smallest, as in
/// Fairlearn. A group with fewer than ``minimumGroupSize`` observations of a rate is undetermined there and stays out
/// of the comparison. Source: M. Hardt, E. Price, N. Srebro, "Equality of opportunity in supervised learning", 2016.
public struct FairnessMonitor: Sendable {
    /// The tag that names the group of a prediction, such as `camera`.
    public var tag: String
    /// The class whose prediction is the favorable one.
    public var positive: String
    /// The difference above which the verdict is fail, when its interval also excludes zero.
    public var limit: Double
    /// The number of observations that a group's rate needs.
    public var minimumGroupSize: Int
    /// The confidence of the intervals.
    public var confidence: Double

    /// Makes a monitor.
    public init(
        by tag: String, positive: String, limit: Double = 0.1, minimumGroupSize: Int = 30, confidence: Double = 0.95
    ) {
        self.tag = tag
        self.positive = positive
        self.limit = limit
        self.minimumGroupSize = minimumGroupSize
        self.confidence = confidence
    }

    /// Compares the groups of a window; predictions without the tag are in the group `(none)`.
    public func report(on window: [LabeledPrediction], at: Date) -> FairnessReport {
        let rows = Dictionary(grouping: window) { $0.prediction.tags[tag] ?? "(none)" }
        let groups = rows.sorted { $0.key < $1.key }.map { group($0.key, $0.value) }
        let odds = [difference(groups, \.truePositiveRate), difference(groups, \.falsePositiveRate)]
        return FairnessReport(
            tag: tag, positive: positive, groups: groups,
            demographicParity: difference(groups, \.selectionRate),
            equalizedOdds: odds.contains(nil)
                ? nil : odds.compactMap(\.self).max { $0.estimate.value < $1.estimate.value },
            limit: limit, at: at)
    }

    private func group(_ name: String, _ rows: [LabeledPrediction]) -> FairnessReport.Group {
        let labeled = rows.filter { $0.label != nil }
        let positives = labeled.filter { $0.label?.label == positive }
        let negatives = labeled.filter { $0.label?.label != positive }
        return FairnessReport.Group(
            name: name, count: rows.count,
            selectionRate: rate(rows) { $0.prediction.label == positive },
            truePositiveRate: rate(positives) { $0.prediction.label == positive },
            falsePositiveRate: rate(negatives) { $0.prediction.label == positive },
            accuracy: rate(labeled) { $0.prediction.label == $0.label?.label })
    }

    /// The share of rows for which the condition holds; `nil`, undetermined, for too few rows.
    private func rate(_ rows: [LabeledPrediction], _ condition: (LabeledPrediction) -> Bool) -> Estimate? {
        guard rows.count >= max(1, minimumGroupSize) else { return nil }
        return .proportion(rows.count(where: condition), of: rows.count, confidence: confidence)
    }

    /// The difference of the extreme groups. They were picked out of all pairs, so its interval is widened to hold for
    /// all pairs at once (Bonferroni).
    private func difference(
        _ groups: [FairnessReport.Group], _ rate: KeyPath<FairnessReport.Group, Estimate?>
    ) -> FairnessReport.Difference? {
        let known = groups.compactMap { group in group[keyPath: rate].map { (group.name, $0) } }
        guard known.count >= 2, let high = known.max(by: { $0.1.value < $1.1.value }),
            let low = known.min(by: { $0.1.value < $1.1.value })
        else { return nil }
        let pairs = Double(known.count * (known.count - 1) / 2)
        let each = 1 - (1 - confidence) / pairs
        func widened(_ estimate: Estimate) -> Estimate {
            let successes = Int((estimate.value * Double(estimate.count)).rounded())
            return .proportion(successes, of: estimate.count, confidence: each)
        }
        var estimate = Estimate.difference(widened(high.1), widened(low.1))
        estimate.confidence = confidence
        let verdict: Verdict = estimate.value > limit && estimate.excludesZero ? .fail : .pass
        return FairnessReport.Difference(highest: high.0, lowest: low.0, estimate: estimate, verdict: verdict)
    }
}
