public import Foundation
internal import MLOpsCore

/// A message for a person: something needs attention.
public struct Alert: Sendable, Hashable, Codable, Identifiable {
    /// How much it matters.
    public enum Severity: String, Sendable, Hashable, Codable, CaseIterable {
        /// Good to know.
        case info
        /// Look at it today.
        case warning
        /// Look at it now.
        case critical
    }

    /// Its identity, so that a receiver can drop a second delivery.
    public var id: String
    /// How much it matters.
    public var severity: Severity
    /// One line.
    public var title: String
    /// What happened, with values and limits.
    public var body: String
    /// What raised it, such as the name of a deployment.
    public var source: String
    /// When it was raised.
    public var at: Date
    /// The findings that led to it.
    public var evidence: [Finding]
    /// Alerts of one key are the same matter; a router sends only the first of them in a while.
    public var deduplicationKey: String

    /// Makes an alert.
    ///
    /// - Parameter id: `nil` for one derived from the key and the time, so that the same alert has the same id.
    public init(
        _ severity: Severity, title: String, body: String, source: String, at: Date, evidence: [Finding] = [],
        deduplicationKey: String, id: String? = nil
    ) {
        self.id = id ?? Self.identity(source, deduplicationKey, at)
        self.severity = severity
        self.title = title
        self.body = body
        self.source = source
        self.at = at
        self.evidence = evidence
        self.deduplicationKey = deduplicationKey
    }

    /// Makes an alert of one finding; its key is the finding's check.
    public init(_ finding: Finding, severity: Severity = .warning, source: String) {
        self.init(
            severity, title: "\(finding.check): \(finding.verdict.rawValue)", body: finding.message, source: source,
            at: finding.at, evidence: [finding], deduplicationKey: finding.check)
    }

    private static func identity(_ source: String, _ key: String, _ at: Date) -> String {
        let milliseconds = Int((at.timeIntervalSince1970 * 1000).rounded())
        return String(Digest(of: Data("\(source)\u{0}\(key)\u{0}\(milliseconds)".utf8)).hex.prefix(32))
    }
}
