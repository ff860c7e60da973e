public import MLOpsCore

/// How good the answers are on a part of the test data, against the whole.
public struct SliceReport: Sendable, Hashable, Codable {
    /// The name and value of the slice, such as `camera=north-gate`.
    public var name: String
    /// The share of right answers.
    public var accuracy: Estimate
    /// Fail when the slice is worse than the whole beyond chance, insufficient with too few examples.
    public var verdict: Verdict

    /// Measures every slice of the outcomes; the worst come first, those with too few examples last.
    ///
    /// A slice fails when its whole interval lies below the accuracy of all outcomes. The interval's confidence is
    /// corrected for the number of slices judged (Bonferroni), so of many good slices hardly any fails by chance; the
    /// interval that is reported is not.
    ///
    /// - Parameter minimumCount: with fewer examples a slice is not judged.
    public static func all(_ outcomes: [ClassificationOutcome], minimumCount: Int = 30) -> [SliceReport] {
        var tallies: [String: (count: Int, correct: Int)] = [:]
        for outcome in outcomes {
            for (key, value) in outcome.slices {
                tallies["\(key)=\(value)", default: (0, 0)].count += 1
                tallies["\(key)=\(value)", default: (0, 0)].correct += outcome.isCorrect ? 1 : 0
            }
        }
        let whole = Estimate.proportion(outcomes.count(where: \.isCorrect), of: outcomes.count)
        let judged = tallies.values.count { $0.count >= minimumCount }
        let confidence = 1 - 0.05 / Double(max(1, judged))
        let slices = tallies.map { name, tally in
            let strict = Estimate.proportion(tally.correct, of: tally.count, confidence: confidence)
            let verdict: Verdict =
                tally.count < minimumCount ? .insufficient : strict.upper < whole.value ? .fail : .pass
            return SliceReport(
                name: name, accuracy: .proportion(tally.correct, of: tally.count), verdict: verdict)
        }
        return slices.sorted { a, b in
            let (x, y) = (a.verdict == .insufficient, b.verdict == .insufficient)
            if x != y { return y }
            return (a.accuracy.upper, a.name) < (b.accuracy.upper, b.name)
        }
    }
}
