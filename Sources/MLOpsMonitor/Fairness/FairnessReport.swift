public import Foundation
public import MLOpsCore

/// How a model treats groups.
public struct FairnessReport: Sendable, Hashable, Codable {
    /// The rates of one group; `nil` where it has too few observations, which is undetermined and never 0.
    public struct Group: Sendable, Hashable, Codable {
        /// The value of the tag.
        public var name: String
        /// The number of predictions.
        public var count: Int
        /// The share predicted as the positive class.
        public var selectionRate: Estimate?
        /// The share of the positives that were predicted as such; the recall.
        public var truePositiveRate: Estimate?
        /// The share of the negatives that were predicted as positive.
        public var falsePositiveRate: Estimate?
        /// The share of correct predictions.
        public var accuracy: Estimate?
    }

    /// The largest rate less the smallest.
    public struct Difference: Sendable, Hashable, Codable {
        /// The group with the largest rate.
        public var highest: String
        /// The group with the smallest rate.
        public var lowest: String
        /// The difference; its interval holds for all pairs of groups at once.
        public var estimate: Estimate
        /// Fail when it is above the limit and its interval excludes zero.
        public var verdict: Verdict
    }

    /// The tag that names the groups.
    public var tag: String
    /// The class whose prediction is the favorable one.
    public var positive: String
    /// The groups, by name.
    public var groups: [Group]
    /// The difference of the selection rates; `nil` with fewer than two groups that are large enough.
    public var demographicParity: Difference?
    /// The larger of the differences of true-positive and false-positive rates; `nil` when either is undetermined.
    public var equalizedOdds: Difference?
    /// The difference above which the verdict is fail.
    public var limit: Double
    /// When the check was done.
    public var at: Date

    /// The names of the groups for which a rate is undetermined.
    public var undeterminedGroups: [String] {
        groups.filter { $0.selectionRate == nil || $0.truePositiveRate == nil || $0.falsePositiveRate == nil }
            .map(\.name)
    }

    /// The findings `fairness.<tag>.demographicParity` and `fairness.<tag>.equalizedOdds`.
    public func findings() -> [Finding] {
        [("demographicParity", demographicParity), ("equalizedOdds", equalizedOdds)].map { name, difference in
            let check = "fairness.\(tag).\(name)"
            guard let difference else {
                return Finding(
                    check: check, verdict: .insufficient,
                    message: "\(name) over \(tag) is undetermined: fewer than two groups are large enough.", at: at)
            }
            let open = undeterminedGroups.isEmpty ? "" : "; undetermined: \(undeterminedGroups.joined(separator: ", "))"
            return Finding(
                check: check, verdict: difference.verdict,
                message: "\(name) over \(tag): \(difference.highest) is above \(difference.lowest) by "
                    + "\(difference.estimate), limit \(Wording.percent(limit))\(open).",
                estimate: difference.estimate, at: at)
        }
    }
}
