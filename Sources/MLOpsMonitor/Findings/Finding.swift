public import Foundation
public import MLOpsCore

/// What one named check found at one time: the value that passes from monitors to reports, alerts and governance.
public struct Finding: Sendable, Hashable, Codable {
    /// The name of the check, by subject, such as `drift.brightness`, `performance.recall.dog` or `bias.dog-cat`.
    public var check: String
    /// What it concludes.
    public var verdict: Verdict
    /// One sentence for people, with the value and the limit.
    public var message: String
    /// The measured value with its interval, when there is one.
    public var estimate: Estimate?
    /// When the check was done.
    public var at: Date

    /// Makes a finding.
    public init(check: String, verdict: Verdict, message: String, estimate: Estimate? = nil, at: Date) {
        self.check = check
        self.verdict = verdict
        self.message = message
        self.estimate = estimate
        self.at = at
    }
}
