import Foundation
import MLOpsCore
import MLOpsMonitor
import Testing

@Suite("Performance with late labels")
struct PerformanceMonitorTests {
    private let day = DateInterval(start: Date(timeIntervalSince1970: 1_780_012_800), duration: 86_400)
    private let limits: [PerformanceMonitor.Limit] = [
        .init("accuracy", atLeast: 0.9), .init("recall.dog", atLeast: 0.5), .init("precision.cat", atLeast: 0.7),
    ]

    @Test("Accuracy, precision and recall are those counted by hand, and an abstention is not correct")
    func metrics() throws {
        var rows = Captures.rows("dog", 30, truth: "dog") + Captures.rows("cat", 10, truth: "dog", from: 100)
        rows += Captures.rows("cat", 40, truth: "cat", from: 200)
        rows += (300..<310).map { Captures.row($0, said: nil, truth: "cat") }
        rows += Captures.rows("dog", 10, from: 400)
        let performance = PerformanceMonitor(limits: limits).performance(of: rows, in: day, knownAt: Captures.noon)
        #expect(performance.predictionCount == 100 && performance.labeledCount == 90)
        #expect(performance.estimate("labelCoverage")?.value == 0.9)
        #expect(performance.estimate("accuracy")?.value == 70.0 / 90)
        #expect(performance.estimate("recall.dog")?.value == 0.75)
        #expect(performance.estimate("precision.dog")?.value == 1)
        #expect(performance.estimate("recall.cat")?.value == 0.8)
        #expect(performance.estimate("precision.cat")?.value == 0.8)
        #expect(performance.checks.map(\.verdict) == [.fail, .pass, .pass])
        #expect(performance.findings().first?.message.hasPrefix("accuracy is 77.8 %") == true)
    }

    @Test("Below the least number of labels the verdict is insufficient")
    func insufficient() {
        let performance = PerformanceMonitor(limits: limits).performance(
            of: Captures.rows("cat", 29, truth: "dog"), in: day, knownAt: Captures.noon)
        #expect(performance.verdict == .insufficient)
    }

    @Test("A label counts only from the time at which it was known")
    func knownAt() {
        let rows = [Captures.row(1, said: "dog", truth: "dog", knownAt: Captures.noon + 100)]
        let monitor = PerformanceMonitor()
        #expect(monitor.performance(of: rows, in: day, knownAt: Captures.noon).labeledCount == 0)
        #expect(monitor.performance(of: rows, in: day, knownAt: Captures.noon + 100).labeledCount == 1)
    }

    @Test("A series takes the predictions of each day from the log")
    func series() async throws {
        let log = InMemoryPredictionLog()
        for (index, offset) in [0.0, 10, 86_399, 86_400, 100_000].enumerated() {
            let row = Captures.row(index, said: "dog", truth: "dog", at: day.start + offset)
            await log.append([row.prediction])
            if let label = row.label { await log.append(labels: [label]) }
        }
        let days = try await PerformanceMonitor().series(
            over: DateInterval(start: day.start, duration: 3 * 86_400), of: log, knownAt: Captures.noon + 1e6)
        #expect(days.map(\.predictionCount) == [3, 2, 0])
        #expect(days.map(\.period.start) == (0..<3).map { day.start + Double($0) * 86_400 })
        let data = try CanonicalJSON.encode(days)
        #expect(try CanonicalJSON.decode([DailyPerformance].self, from: data) == days)
    }

    @Test("A limit from a reference is its mean less three standard deviations")
    func referenceLimit() throws {
        let limit = try PerformanceMonitor.Limit.fromReference("accuracy", chunks: [0.9, 0.92, 0.94])
        #expect(abs(limit.least - (0.92 - 3 * 0.02)) < 1e-12)
        #expect(throws: MLOpsError.self) { try PerformanceMonitor.Limit.fromReference("accuracy", chunks: [0.9]) }
    }
}
