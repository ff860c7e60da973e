public import Foundation
public import MLOpsCore

/// What a drift check over all features found.
public struct DriftReport: Sendable, Hashable, Codable {
    /// The verdict on each feature, after the adjustment for their number.
    public var features: [DriftVerdict]
    /// The p-value of each feature by its name, adjusted by Benjamini–Hochberg; only for methods that have one.
    public var adjustedPValues: [String: Double]
    /// The share of the judged features that drift; 0 when none was judged.
    public var driftingShare: Double
    /// Fail when ``driftingShare`` reaches the monitor's limit; insufficient when no feature could be judged.
    public var verdict: Verdict
    /// When the check was done.
    public var at: Date

    /// A finding for each feature, and `drift` for the share of them.
    public func findings() -> [Finding] {
        let judged = features.filter { $0.verdict != .insufficient }.count
        let drifting = features.filter { $0.verdict == .fail }.count
        let whole = Finding(
            check: "drift", verdict: verdict, message: "\(drifting) of \(judged) judged features drift.", at: at)
        return [whole]
            + features.map { feature in
                let p = adjustedPValues[feature.feature].map { ", adjusted p \(Wording.probability($0))" } ?? ""
                let result =
                    feature.verdict == .insufficient
                    ? "there are too few values (\(feature.recentCount) recent, \(feature.referenceCount) reference)"
                    : "\(feature.method) distance \(Wording.number(feature.distance, 3)), "
                        + "limit \(Wording.number(feature.threshold, 3))\(p)"
                return Finding(
                    check: "drift.\(feature.feature)", verdict: feature.verdict,
                    message: "\(feature.feature): \(result).",
                    at: at)
            }
    }
}
