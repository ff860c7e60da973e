import Foundation
import MLOpsCore
import MLOpsTrain
import Testing

/// Checks against the values of scikit-learn that `Tests/Oracles/metrics_oracle.py` wrote.
@Suite("Metrics against scikit-learn")
struct OracleTests {
    struct Fixture: Decodable {
        var cases: [Case]
    }

    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        struct Sets: Decodable, Sendable {
            var classes: [[Double?]]
            var macro: [Double?]
            var micro: [Double?]
            var weighted: [Double?]
        }
        var name: String
        var truth: [Int]
        var predicted: [Int]
        var probabilities: [[Double]]
        var classCount: Int
        var beta: Double
        var counts: [[Int]]
        var accuracy: Double
        var balancedAccuracy: Double
        var matthewsCorrelation: Double
        var cohenKappa: Double
        var scores: [String: Sets]
        var logLoss: Double
        var brier: Double
        var ece: Double
        var rocAUC: Double?
        var rocAUCVariance: Double?

        var testDescription: String { name }

        var outcomes: [ClassificationOutcome] {
            truth.indices.map {
                ClassificationOutcome(
                    id: "\($0)", truth: truth[$0], predicted: predicted[$0] < 0 ? nil : predicted[$0],
                    probabilities: probabilities[$0])
            }
        }
    }

    static let cases: [Case] = {
        guard let url = Bundle.module.url(forResource: "metrics", withExtension: "json", subdirectory: "Fixtures"),
            let bytes = try? Data(contentsOf: url)
        else { return [] }
        return (try? JSONDecoder().decode(Fixture.self, from: bytes))?.cases ?? []
    }()

    private func equal(_ value: Double, _ expected: Double?) -> Bool {
        guard let expected else { return value.isNaN }
        return abs(value - expected) <= 1e-12 * max(1, abs(expected))
    }

    @Test("there are cases to compare with")
    func hasCases() { #expect(Self.cases.count == 6) }

    @Test("counts and scores are scikit-learn's to 1e-12, for each policy of zero division", arguments: cases)
    func equalsScores(_ oracle: Case) throws {
        let matrix = try ConfusionMatrix(classCount: oracle.classCount, oracle.outcomes)
        #expect(matrix.counts == oracle.counts)
        let scores = matrix.scores()
        #expect(equal(scores.accuracy, oracle.accuracy) && equal(matrix.accuracy.value, oracle.accuracy))
        #expect(equal(scores.balancedAccuracy, oracle.balancedAccuracy))
        #expect(equal(scores.matthewsCorrelation, oracle.matthewsCorrelation))
        #expect(equal(scores.cohenKappa, oracle.cohenKappa))
        for (policy, key) in [(ZeroDivision.zero, "0"), (.one, "1"), (.undefined, "nan")] {
            let sets = try #require(oracle.scores[key])
            let scores = matrix.scores(beta: oracle.beta, zeroDivision: policy)
            for (own, theirs, what) in [
                (scores.macro, sets.macro, "macro"), (scores.micro, sets.micro, "micro"),
                (scores.weighted, sets.weighted, "weighted"),
            ] {
                #expect(equal(own.precision, theirs[0]), "\(what) precision, zero division \(key)")
                #expect(equal(own.recall, theirs[1]), "\(what) recall, zero division \(key)")
                #expect(equal(own.fScore, theirs[2]), "\(what) F, zero division \(key)")
            }
            for (index, own) in scores.classes.enumerated() {
                #expect(equal(own.precision, sets.classes[0][index]))
                #expect(equal(own.recall, sets.classes[1][index]))
                #expect(equal(own.fScore, sets.classes[2][index]))
            }
        }
    }

    @Test("log-loss, Brier score and calibration error are the oracle's to 1e-12", arguments: cases)
    func equalsProbabilityScores(_ oracle: Case) throws {
        #expect(equal(try ProbabilityScores.logLoss(oracle.outcomes).value, oracle.logLoss))
        #expect(equal(try ProbabilityScores.brier(oracle.outcomes).value, oracle.brier))
        #expect(equal(ReliabilityDiagram(oracle.outcomes).expectedCalibrationError, oracle.ece))
        let ece = ProbabilityScores.expectedCalibrationError(oracle.outcomes)
        #expect(equal(ece.value, oracle.ece) && ece.lower <= ece.upper && ece.count == oracle.truth.count)
    }

    @Test(
        "the area under the ROC curve is scikit-learn's, its interval DeLong's",
        arguments: cases.filter { $0.rocAUC != nil })
    func equalsArea(_ oracle: Case) throws {
        let area = try ROC.area(of: 1, oracle.outcomes)
        #expect(equal(area.value, oracle.rocAUC))
        let half = 1.959963984540054 * (oracle.rocAUCVariance ?? 0).squareRoot()
        #expect(equal(area.lower, max(0, area.value - half)) && equal(area.upper, min(1, area.value + half)))
    }

    @Test("each metric by name has the oracle's value, within its interval", arguments: cases)
    func namesMetrics(_ oracle: Case) throws {
        let names = (0..<oracle.classCount).map { "c\($0)" }
        let metrics = try ClassificationMetrics.all(oracle.outcomes, classes: names)
        var values: [String: Double] = [:]
        for metric in metrics {
            let estimate = metric.estimate
            #expect(
                estimate.lower <= estimate.value && estimate.value <= estimate.upper || metric.name == "ece",
                "\(metric)")
            values[metric.name] = estimate.value
        }
        let sets = try #require(oracle.scores["0"])
        #expect(equal(try #require(values["precision.macro"]), sets.macro[0]))
        #expect(equal(try #require(values["recall.macro"]), sets.macro[1]))
        #expect(equal(try #require(values["mcc"]), oracle.matthewsCorrelation))
        #expect(equal(try #require(values["recall.c0"]), sets.classes[1][0]))
        #expect((values["rocAUC"] != nil) == (oracle.rocAUC != nil))
        #expect(try CanonicalJSON.decode([Metric].self, from: CanonicalJSON.encode(metrics)) == metrics)
    }
}
