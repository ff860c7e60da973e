internal import MLOpsCore

/// Groups of records for which the model is worse than for all: the values of columns that have few, and the classes.
///
/// A group is an issue when the upper end of its accuracy's 99.9 % interval is below the accuracy over all, less a
/// margin. The score is how far its accuracy is below.
public struct UnderperformanceCheck: IssueCheck {
    /// How far below the accuracy over all is no issue.
    public var margin: Double
    /// The most values of a column that make groups.
    public var maxGroups: Int
    /// The fewest records of a group.
    public var minCount: Int

    /// Makes a check.
    public init(margin: Double = 0.02, maxGroups: Int = 50, minCount: Int = 20) {
        self.margin = margin
        self.maxGroups = maxGroups
        self.minCount = minCount
    }

    /// The groups that are worse, the worst first.
    public func issues(in subject: IssueSubject) -> [DataIssue] {
        let (labels, classes) = (subject.labels, subject.classes)
        guard subject.probabilities.count == labels.count, !labels.isEmpty else { return [] }
        let isRight = zip(subject.probabilities, labels).map { row, label in
            row.indices.max { row[$0] < row[$1] }.map { classes.indices.contains($0) && classes[$0] == label } ?? false
        }
        let judged = labels.indices.filter { labels[$0] != nil }
        let overall = Double(judged.count { isRight[$0] }) / Double(max(1, judged.count))
        return subject.table.columns.flatMap { column -> [DataIssue] in
            let groups = Dictionary(grouping: judged) { column.values[$0] }
            guard groups.count > 1, groups.count <= maxGroups else { return [] }
            return groups.compactMap { value, rows in
                let accuracy = Estimate.proportion(rows.count { isRight[$0] }, of: rows.count, confidence: 0.999)
                guard rows.count >= minCount, accuracy.upper < overall - margin else { return nil }
                return DataIssue(
                    .underperformance,
                    "Where '\(column.name)' is '\(value.text)', accuracy is \(accuracy.value.percent) "
                        + "(at most \(accuracy.upper.percent)), \(overall.percent) over all.",
                    column: column.name, score: overall - accuracy.value, count: rows.count,
                    records: rows.filter { !isRight[$0] }.prefix(20).map { subject.ids[$0] })
            }
        }.sorted { ($1.score, $0.summary) < ($0.score, $1.summary) }
    }
}
