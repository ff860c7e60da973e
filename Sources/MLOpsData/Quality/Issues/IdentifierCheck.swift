/// Columns that only number or name the records: a model can learn them by heart, and nothing else from them.
///
/// These are columns of texts or whole numbers that are all different; the score is 1. Measurements with fractions are
/// not taken for names.
public struct IdentifierCheck: IssueCheck {
    /// The fewest records from which on different values mean something.
    public var minCount: Int

    /// Makes a check.
    public init(minCount: Int = 20) { self.minCount = minCount }

    /// The columns that identify records, in their order.
    public func issues(in subject: IssueSubject) -> [DataIssue] {
        subject.otherColumns.compactMap { column in
            let values = column.values.filter { !$0.isNull }
            guard values.count >= minCount, values.count == column.values.count else { return nil }
            let kinds = Set(values.map(\.kind))
            guard kinds.isSubset(of: [.integer, .text]), Set(values).count == values.count else { return nil }
            return DataIssue(
                .identifier, "'\(column.name)' has another value in each of \(values.count) records.",
                column: column.name, score: 1, count: values.count)
        }
    }
}
