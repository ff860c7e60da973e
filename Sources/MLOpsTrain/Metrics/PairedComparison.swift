internal import Foundation
public import MLOpsCore

/// Two models on the same examples: does the candidate answer better than the incumbent, beyond chance?
///
/// Only examples that exactly one of them got right tell. Were the models equally good, each would be the right one for
/// half of those; the p-value is McNemar's, exact and two-sided.
/// Source: Q. McNemar, "Note on the sampling error of the difference between correlated proportions", 1947.
public struct PairedComparison: Sendable, Hashable, Codable {
    /// The number of examples.
    public var count: Int
    /// The number that only the candidate got right.
    public var gained: Int
    /// The number that only the incumbent got right.
    public var lost: Int
    /// The probability of a difference at least as great between equally good models.
    public var pValue: Double

    /// Compares outcomes of the same examples, matched by id.
    ///
    /// - Throws: ``MLOpsCore/MLOpsError`` with `invalidArgument` when the ids or the true classes differ, or an id comes
    ///   twice.
    public init(_ candidate: [ClassificationOutcome], against incumbent: [ClassificationOutcome]) throws {
        var known: [String: ClassificationOutcome] = [:]
        for outcome in incumbent { known[outcome.id] = outcome }
        (gained, lost) = (0, 0)
        for outcome in candidate {
            guard let other = known.removeValue(forKey: outcome.id), other.truth == outcome.truth,
                incumbent.count == candidate.count
            else {
                throw MLOpsError(
                    .invalidArgument,
                    "The example '\(outcome.id)' is not, or not equally, among the \(incumbent.count) outcomes of the "
                        + "incumbent.",
                    help: "Test both models on the same version of the dataset, each example once.")
            }
            if outcome.isCorrect, !other.isCorrect { gained += 1 }
            if !outcome.isCorrect, other.isCorrect { lost += 1 }
        }
        count = candidate.count
        pValue = Self.signTest(gained, lost)
    }

    /// The difference of the accuracies, candidate less incumbent.
    public var accuracyGain: Double { count > 0 ? Double(gained - lost) / Double(count) : 0 }

    /// Fail when the candidate is worse beyond chance, pass when it is better beyond chance, else insufficient.
    public func verdict(significance: Double = 0.05) -> Verdict {
        pValue >= significance ? .insufficient : gained > lost ? .pass : .fail
    }

    /// The two-sided exact binomial test of a and b against halves.
    private static func signTest(_ a: Int, _ b: Int) -> Double {
        let n = Double(a + b)
        let half = n * log(0.5)
        // log of n over k by the gamma function, so that no factorial overflows.
        let tail = (0...min(a, b)).reduce(0.0) { sum, k in
            let k = Double(k)
            return sum + exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + half)
        }
        return min(1, 2 * tail)
    }
}
