import MLOpsCore
import MLOpsTrain
import Testing

@Suite("PairedComparison")
struct PairedComparisonTests {
    private func outcomes(_ correct: [Bool]) -> [ClassificationOutcome] {
        correct.enumerated().map { ClassificationOutcome(id: "\($0)", truth: 0, predicted: $1 ? 0 : 1) }
    }

    /// Values by `scipy.stats.binomtest(gained, gained + lost).pvalue`, SciPy 1.17.
    @Test(
        "the p-value is the exact binomial one",
        arguments: [
            (0, 0, 1.0), (1, 0, 1.0), (3, 9, 0.14599609375), (20, 5, 0.004077315330505371), (7, 7, 1.0),
            (2, 30, 2.4633482098579407e-07), (900, 1000, 0.023108845108901193),
        ] as [(Int, Int, Double)])
    func equalsTheBinomialTest(_ gained: Int, _ lost: Int, _ pValue: Double) throws {
        let both = [Bool](repeating: true, count: 5)
        let candidate = [Bool](repeating: true, count: gained) + [Bool](repeating: false, count: lost) + both
        let incumbent = [Bool](repeating: false, count: gained) + [Bool](repeating: true, count: lost) + both
        let comparison = try PairedComparison(outcomes(candidate), against: outcomes(incumbent).reversed())
        #expect(comparison.gained == gained && comparison.lost == lost && comparison.count == gained + lost + 5)
        #expect(abs(comparison.pValue - pValue) <= 1e-10 * pValue, "\(comparison.pValue)")
        #expect(comparison.accuracyGain == Double(gained - lost) / Double(gained + lost + 5))
        #expect(comparison.verdict() == (pValue >= 0.05 ? .insufficient : gained > lost ? .pass : .fail))
    }

    @Test("outcomes of other examples are refused")
    func refuses() async {
        let two = outcomes([true, false])
        await expectError(.invalidArgument) { _ = try PairedComparison(two, against: outcomes([true])) }
        await expectError(.invalidArgument) { _ = try PairedComparison(two, against: two + outcomes([true])) }
        await expectError(.invalidArgument) { _ = try PairedComparison([two[0], two[0]], against: two) }
        var other = two
        other[1].truth = 1
        await expectError(.invalidArgument) { _ = try PairedComparison(other, against: two) }
    }
}
