import Foundation
import MLOpsCore
import MLOpsMonitor
import Testing

@Suite("Prediction bias")
struct PredictionBiasTests {
    @Test("65 dogs and 35 cats are a bias of exactly 30 % to dogs, which reaches a limit of 30 %")
    func thirtyPercent() throws {
        let window = Captures.rows("dog", 65) + Captures.rows("cat", 35, from: 100)
        let report = try PredictionBiasMonitor("dog", over: "cat").report(on: window, at: Captures.noon)
        #expect(report.bias.value == 0.3)
        #expect(report.verdict == .fail)
        #expect(
            report.message == "Predictions are 30.0 % (95 % CI 10.5–47.3, n = 100) biased to dog over cat; "
                + "the limit is 30.0 %.")
    }

    @Test("The bias is the same against a balanced period, and gone against one with the same rates")
    func referencePeriod() throws {
        let window = Captures.rows("dog", 65) + Captures.rows("cat", 35, from: 100)
        var monitor = PredictionBiasMonitor("dog", over: "cat", reference: .counts(first: 500, second: 500))
        let against = try monitor.report(on: window, at: Captures.noon)
        #expect(against.bias.value == 0.3 && against.verdict == .fail)
        monitor.reference = .counts(first: 650, second: 350)
        let same = try monitor.report(on: window, at: Captures.noon)
        #expect(same.bias.value == 0 && same.verdict == .pass && !same.bias.excludesZero)
    }

    @Test("Against the labels, only answers that lean to one side count as bias")
    func labels() throws {
        let monitor = PredictionBiasMonitor("dog", over: "cat", reference: .labels, limit: 0.2)
        var window = Captures.rows("dog", 90, truth: "dog") + Captures.rows("cat", 10, truth: "cat", from: 100)
        #expect(try monitor.report(on: window, at: Captures.noon).bias.value == 0)
        window += Captures.rows("dog", 25, truth: "cat", from: 200)
        let report = try monitor.report(on: window, at: Captures.noon)
        #expect(report.bias.value == 0.4 && report.verdict == .fail)
        #expect(report.bias.lower > 0.2 && report.bias.upper < 0.6)
    }

    @Test("A bias to the second class is worded that way round")
    func otherWay() throws {
        let window = Captures.rows("dog", 35) + Captures.rows("cat", 65, from: 100)
        let report = try PredictionBiasMonitor("dog", over: "cat").report(on: window, at: Captures.noon)
        #expect(report.bias.value == -0.3 && report.verdict == .fail)
        #expect(report.message.contains("biased to cat over dog"))
    }

    @Test("Too few predictions are insufficient, and none are too")
    func insufficient() throws {
        let monitor = PredictionBiasMonitor("dog", over: "cat")
        #expect(try monitor.report(on: Captures.rows("dog", 99), at: Captures.noon).verdict == .insufficient)
        #expect(try monitor.report(on: [], at: Captures.noon).verdict == .insufficient)
        #expect(throws: MLOpsError.self) {
            try PredictionBiasMonitor("dog", over: "cat", reference: .share(1.5)).report(on: [], at: Captures.noon)
        }
    }

    @Test(
        "The interval holds the true bias in about 95 % of windows",
        arguments: [
            PredictionBiasMonitor.Reference.share(0.5), .counts(first: 0, second: 0), .labels,
        ])
    func coverage(reference: PredictionBiasMonitor.Reference) throws {
        let truth = 0.2
        var held = 0
        for trial in 0..<1000 {
            var generator = SeededGenerator(seed: 5, UInt64(trial))
            var monitor = PredictionBiasMonitor("dog", over: "cat", reference: reference)
            if case .counts = reference {
                let first = (0..<300).count { _ in generator.uniform() < 0.5 }
                monitor.reference = .counts(first: first, second: 300 - first)
            }
            // A model that calls 25 % of the cats dogs and 5 % of the dogs cats: the share of dogs is 0.6, the bias 0.2
            // in all three senses.
            let window = (0..<200).map { index in
                let isDog = generator.uniform() < 0.5
                let saysDog = generator.uniform() < (isDog ? 0.95 : 0.25)
                return Captures.row(index, said: saysDog ? "dog" : "cat", truth: isDog ? "dog" : "cat")
            }
            let bias = try monitor.report(on: window, at: Captures.noon).bias
            held += bias.lower <= truth && truth <= bias.upper ? 1 : 0
        }
        #expect((930...970).contains(held), "\(reference): \(held) of 1000")
    }
}
