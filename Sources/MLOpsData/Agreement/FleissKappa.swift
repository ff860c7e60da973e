internal import MLOpsCore

/// Fleiss' κ: how much several annotators agree beyond chance, where each item has equally many labels.
///
/// The annotators need not be the same for each item.
/// Source: J. L. Fleiss, "Measuring nominal scale agreement among many raters", 1971.
public struct FleissKappa: Sendable, Hashable {
    /// Makes the measure.
    public init() {}

    /// κ of a table; items without any label are passed over.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when items have different numbers of labels (use
    ///   ``KrippendorffAlpha``), `insufficientData` when κ is not defined.
    public func coefficient(of table: RatingTable) throws -> Double {
        let rows = table.ratings.map { $0.compactMap { $0 } }.filter { !$0.isEmpty }
        guard let raters = rows.first?.count, raters > 1 else { throw MLOpsError.undefinedAgreement("Fleiss' kappa") }
        guard let odd = rows.firstIndex(where: { $0.count != raters }) else {
            return try coefficient(rows, raters: raters)
        }
        throw MLOpsError(
            .invalidArgument, "An item has \(rows[odd].count) labels and the first has \(raters).",
            help: "Use KrippendorffAlpha, which takes missing labels.")
    }

    private func coefficient(_ rows: [[String]], raters: Int) throws -> Double {
        var (totals, agreement) = ([String: Int](), 0.0)
        for row in rows {
            let counts = row.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
            totals.merge(counts, uniquingKeysWith: +)
            agreement += Double(counts.values.reduce(0) { $0 + $1 * ($1 - 1) }) / Double(raters * (raters - 1))
        }
        guard totals.count > 1 else { throw MLOpsError.undefinedAgreement("Fleiss' kappa") }
        let all = Double(rows.count * raters)
        // In a fixed order, so that the sum has the same bits each time.
        let expected = totals.values.sorted().reduce(0.0) { $0 + Double($1) / all * (Double($1) / all) }
        return (agreement / Double(rows.count) - expected) / (1 - expected)
    }
}
