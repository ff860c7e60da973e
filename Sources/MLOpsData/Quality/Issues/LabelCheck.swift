/// Labels that are probably wrong, by ``ConfidentLearning``. The score is their share of all.
public struct LabelCheck: IssueCheck {
    /// The most records that are listed.
    public var limit: Int

    /// Makes a check.
    public init(limit: Int = 48) { self.limit = limit }

    /// One issue with all labels that are probably wrong, the most suspicious first.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for probabilities that don't fit the classes.
    public func issues(in subject: IssueSubject) throws -> [DataIssue] {
        let (labels, classes) = (subject.labels, subject.classes)
        guard subject.probabilities.count == labels.count, classes.count > 1 else { return [] }
        let rows = labels.indices.filter { labels[$0] != nil }
        let found = try ConfidentLearning().issues(
            labels: rows.compactMap { row in classes.firstIndex { $0 == labels[row] } },
            probabilities: rows.map { subject.probabilities[$0] }
        ).issues
        guard !found.isEmpty else { return [] }
        let share = Double(found.count) / Double(rows.count)
        return [
            DataIssue(
                .label, "\(found.count) labels are probably wrong (\(share.percent)).", column: subject.labelColumn,
                score: share, count: found.count,
                records: found.prefix(max(0, limit)).map { subject.ids[rows[$0.index]] })
        ]
    }
}
