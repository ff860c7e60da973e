import MLOpsCore
import MLOpsTrain
import Testing

@Suite("Intervals")
struct IntervalTests {
    private let f1: ([Int]) -> [Double] = { cells in
        let (tp, fn, fp, tn) = (Double(cells[0]), Double(cells[1]), Double(cells[2]), Double(cells[3]))
        return [(2 * tp / (2 * tp + fn + fp) + 2 * tn / (2 * tn + fn + fp)) / 2]
    }

    /// `scipy.stats.bootstrap(..., method="BCa", n_resamples=50000)` gives 0.7694 … 0.9100, SciPy 1.17.
    @Test("the bootstrap's ends are SciPy's BCa ends, up to the noise of the draws")
    func followsBCa() throws {
        let bootstrap = try Bootstrap(resamples: 20_000, seed: 1)
        let estimate = bootstrap.estimates(ofCounts: [40, 10, 5, 45], statistics: f1)[0]
        #expect(abs(estimate.value - 0.84962406) < 1e-8)
        #expect(abs(estimate.lower - 0.7694) < 0.006 && abs(estimate.upper - 0.9100) < 0.006, "\(estimate)")
    }

    @Test("the same seed gives the same ends, another seed others")
    func isRepeatable() throws {
        let first = try Bootstrap(resamples: 500, seed: 7).estimates(ofCounts: [40, 10, 5, 45], statistics: f1)
        #expect(try Bootstrap(resamples: 500, seed: 7).estimates(ofCounts: [40, 10, 5, 45], statistics: f1) == first)
        #expect(try Bootstrap(resamples: 500, seed: 8).estimates(ofCounts: [40, 10, 5, 45], statistics: f1) != first)
    }

    @Test("the interval of F1 covers the true F1 about as often as it says")
    func coversF1() throws {
        // True positives, misses and false alarms with these probabilities; F1 = 2·0.3 / (2·0.3 + 0.1 + 0.1).
        let (truth, trials) = (0.75, 2000)
        var generator = SeededGenerator(seed: 11)
        var covered = 0
        for _ in 0..<trials {
            var counts = [[0, 0], [0, 0]]
            for _ in 0..<80 {
                let u = generator.uniform()
                if u < 0.3 {
                    counts[1][1] += 1
                } else if u < 0.4 {
                    counts[1][0] += 1
                } else if u < 0.5 {
                    counts[0][1] += 1
                } else {
                    counts[0][0] += 1
                }
            }
            let estimate = try ConfusionMatrix(counts: counts).f1(of: 1)
            if estimate.lower <= truth, truth <= estimate.upper { covered += 1 }
        }
        let coverage = Double(covered) / Double(trials)
        #expect((0.93...0.975).contains(coverage), "covered \(coverage)")
    }

    @Test("without any error the intervals still have a width, which shrinks with more examples")
    func staysHonestAtTheBorder() throws {
        func lower(_ name: String, _ count: Int) throws -> Double {
            let outcomes = (0..<count).map { ClassificationOutcome(id: "\($0)", truth: $0 % 2, predicted: $0 % 2) }
            let metrics = try ClassificationMetrics.all(outcomes, classes: ["a", "b"])
            let estimate = try #require(metrics.first { $0.name == name }).estimate
            #expect(estimate.value == 1 && estimate.upper == 1)
            return estimate.lower
        }
        for name in ["accuracy", "f1.a", "f1.macro", "mcc", "precision.macro"] {
            let (few, many) = (try lower(name, 10), try lower(name, 1000))
            #expect(few < many && many < 1 && few > 0.3, "\(name): \(few), \(many)")
        }
    }

    @Test("what can't be measured is refused")
    func refuses() async {
        await expectError(.insufficientData) { _ = try ClassificationMetrics.all([], classes: ["a"]) }
        await expectError(.invalidArgument) {
            _ = try ClassificationMetrics.all([.init(id: "x", truth: 2, predicted: 0)], classes: ["a", "b"])
        }
        await expectError(.invalidArgument) {
            _ = try ClassificationMetrics.all([.init(id: "x", truth: 0, probabilities: [1])], classes: ["a", "b"])
        }
        await expectError(.invalidArgument) {
            _ = try ProbabilityScores.logLoss([.init(id: "x", truth: 0, probabilities: [.nan, 1])])
        }
        await expectError(.invalidArgument) { _ = try ConfusionMatrix(counts: [[1, 2], [3]]) }
        await expectError(.invalidArgument) { _ = try ConfusionMatrix(counts: [[-1]]) }
        await expectError(.invalidArgument) { _ = try ConfusionMatrix(counts: []) }
        await expectError(.invalidArgument) { _ = try Bootstrap(resamples: 0) }
        await expectError(.insufficientData) { _ = try ROC.area(positives: [1], negatives: []) }
        await expectError(.invalidArgument) { _ = try ROC.area(positives: [.nan], negatives: [0]) }
    }

    @Test("the first of equal probabilities is the answer, and one below the threshold is none")
    func answers() {
        #expect(ClassificationOutcome(id: "", truth: 0, probabilities: [0.2, 0.4, 0.4]).predicted == 1)
        #expect(ClassificationOutcome(id: "", truth: 0, probabilities: [0.4, 0.6], threshold: 0.7).predicted == nil)
        #expect(ClassificationOutcome(id: "", truth: 0, probabilities: []).predicted == nil)
    }
}
