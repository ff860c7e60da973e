/// Classes with far fewer records than the largest. The score is the largest class's count by the class's own.
public struct ImbalanceCheck: IssueCheck {
    /// The greatest ratio of the largest class to another that is no issue.
    public var limit: Double

    /// Makes a check.
    public init(limit: Double = 5) { self.limit = limit }

    /// The classes that are too small, the smallest first.
    public func issues(in subject: IssueSubject) -> [DataIssue] {
        let counts = subject.labels.reduce(into: [String: Int]()) { if let label = $1 { $0[label, default: 0] += 1 } }
        guard let largest = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else { return [] }
        return counts.compactMap { label, count in
            let ratio = Double(largest.value) / Double(count)
            guard ratio > limit else { return nil }
            return DataIssue(
                .imbalance,
                "'\(label)' has \(count) records, '\(largest.key)' \(largest.value): \(ratio.short) times as many.",
                column: subject.labelColumn, score: ratio, count: count)
        }.sorted { ($1.score, $0.summary) < ($0.score, $1.summary) }
    }
}
