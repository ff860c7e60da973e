/// Columns that tell the label by themselves, as a folder's name or a note made after the fact does.
///
/// Half of the records say which label is most frequent with each value (numbers: with each of 32 ranges of equal
/// counts), and are asked about the other half, and the other way round. The score is how much of the error of always
/// saying the most frequent label is avoided, 0…1. A column of names does not leak by this measure: the other half has
/// never seen them.
public struct LabelLeakCheck: IssueCheck {
    /// The least score that is an issue.
    public var limit: Double
    /// The fewest labeled records that are judged.
    public var minCount: Int

    /// Makes a check.
    public init(limit: Double = 0.9, minCount: Int = 40) {
        self.limit = limit
        self.minCount = minCount
    }

    /// The columns that leak, the worst first.
    public func issues(in subject: IssueSubject) -> [DataIssue] {
        let labels = subject.labels
        let rows = labels.indices.filter { labels[$0] != nil }
        let counts = rows.reduce(into: [String: Int]()) { $0[labels[$1] ?? "", default: 0] += 1 }
        guard rows.count >= minCount, counts.count > 1, let most = counts.values.max() else { return [] }
        let baseline = Double(most) / Double(rows.count)
        return subject.otherColumns.compactMap { column in
            let score = (accuracy(of: keys(column), labels, rows) - baseline) / (1 - baseline)
            guard score >= limit else { return nil }
            return DataIssue(
                .labelLeak, "'\(column.name)' alone tells the label, avoiding \(score.percent) of the errors.",
                column: column.name, score: score, count: rows.count)
        }.sorted { ($1.score, $0.column ?? "") < ($0.score, $1.column ?? "") }
    }

    /// The value of each row, or the range that its number is in.
    private func keys(_ column: DataTable.Column) -> [String] {
        let numbers = column.values.compactMap(\.number).sorted()
        guard numbers.count * 2 > column.values.count, Set(numbers).count > 32 else { return column.values.map(\.text) }
        let edges = (1..<32).map { numbers.interpolatedQuantile(Double($0) / 32) }
        return column.values.map { value in
            value.number.map { number in "range \(edges.count { $0 <= number })" } ?? value.text
        }
    }

    private func accuracy(of keys: [String], _ labels: [String?], _ rows: [Int]) -> Double {
        var right = 0
        for half in 0..<2 {
            var counts: [String: [String: Int]] = [:]
            var all: [String: Int] = [:]
            // Halves by a hash of the place, so that neither the order nor a period of it matters.
            func isIn(_ row: Int) -> Bool { Int(DataValue.integer(row).stableHash & 1) == half }
            for row in rows where isIn(row) {
                counts[keys[row], default: [:]][labels[row] ?? "", default: 0] += 1
                all[labels[row] ?? "", default: 0] += 1
            }
            func most(_ counts: [String: Int]) -> String? {
                counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
            }
            let guesses = counts.compactMapValues(most)
            let usual = most(all)
            right += rows.count { !isIn($0) && (guesses[keys[$0]] ?? usual) == labels[$0] }
        }
        return Double(right) / Double(rows.count)
    }
}
