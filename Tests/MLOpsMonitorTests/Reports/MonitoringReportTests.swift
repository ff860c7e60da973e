import Foundation
import MLOpsCore
import MLOpsMonitor
import Testing

@Suite("Monitoring report")
struct MonitoringReportTests {
    private func report(dogs: Int) throws -> MonitoringReport {
        let window =
            Captures.rows("dog", dogs, truth: "dog") + Captures.rows("cat", 100 - dogs, truth: "cat", from: 100)
        let day = DateInterval(start: Captures.noon, duration: 86_400)
        var report = MonitoringReport(deployment: "park <b>", at: Captures.noon)
        report.performance = [
            PerformanceMonitor(limits: [.init("accuracy", atLeast: 0.9)])
                .performance(of: window, in: day, knownAt: Captures.noon)
        ]
        report.bias = [try PredictionBiasMonitor("dog", over: "cat").report(on: window, at: Captures.noon)]
        let columns = [FeatureColumn("brightness", (0..<200).map { Double($0) / 200 })]
        report.drift = try DriftMonitor().report(on: columns, against: columns, at: Captures.noon)
        report.features = [.init("brightness", recent: [0.1, 0.2], reference: [0.1, 0.3])]
        report.telemetry = [
            TelemetrySeries(sensor: "cpu", unit: "ratio", samples: [.init(0.5, at: Captures.noon)])
        ]
        report.alerts = report.bias.flatMap { $0.findings() }.map { Alert($0, source: "park") }
        report.decisions = [
            GovernanceDecision(action: .rollback, reasons: report.findings, outcome: .perform, at: Captures.noon)
        ]
        return report
    }

    @Test("A report is the same after a way through JSON")
    func codable() throws {
        let report = try report(dogs: 80)
        let data = try CanonicalJSON.encode(report)
        #expect(try CanonicalJSON.decode(MonitoringReport.self, from: data) == report)
    }

    @Test("The page shows verdicts, charts and what to do, holds no outside asset, and escapes names")
    func page() throws {
        let html = try report(dogs: 80).page(comparedWith: report(dogs: 50)).html
        #expect(html.contains("bias.dog-cat: Check with labels"))
        #expect(html.contains("biased to dog over cat"))
        #expect(html.components(separatedBy: "<svg").count >= 5)
        #expect(html.contains("park &lt;b&gt;") && !html.contains("park <b>"))
        #expect(!html.contains("<script") && !html.contains("src=\"http"))
    }

    @Test("Changes name the checks whose verdict is another than before")
    func changes() throws {
        let changes = try report(dogs: 80).changes(since: report(dogs: 50))
        #expect(changes.map(\.check) == ["bias.dog-cat"])
        #expect(changes.first?.before == .pass && changes.first?.now == .fail)
    }
}
