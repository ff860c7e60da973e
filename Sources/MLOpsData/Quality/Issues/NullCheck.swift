/// Columns with many missing values. The score is their share.
public struct NullCheck: IssueCheck {
    /// The greatest share of missing values that is no issue.
    public var limit: Double

    /// Makes a check.
    public init(limit: Double = 0.05) { self.limit = limit }

    /// The columns with more missing values, the emptiest first.
    public func issues(in subject: IssueSubject) -> [DataIssue] {
        subject.table.columns.compactMap { column in
            let missing = column.values.indices.filter { column.values[$0].isNull }
            let share = Double(missing.count) / Double(max(1, column.values.count))
            guard share > limit else { return nil }
            return DataIssue(
                .null, "'\(column.name)' is missing in \(missing.count) records (\(share.percent)).",
                column: column.name, score: share, count: missing.count,
                records: missing.prefix(20).map { subject.ids[$0] })
        }.sorted { ($1.score, $0.column ?? "") < ($0.score, $1.column ?? "") }
    }
}
