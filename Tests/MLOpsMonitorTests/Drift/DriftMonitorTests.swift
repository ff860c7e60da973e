import Foundation
import MLOpsCore
import MLOpsMonitor
import Testing

@Suite("Drift monitor")
struct DriftMonitorTests {
    private let noon = Date(timeIntervalSince1970: 1_780_000_000)

    private func columns(seed: UInt64, count: Int, shifted: Set<Int> = []) -> [FeatureColumn] {
        var generator = SeededGenerator(seed: seed)
        return (0..<10).map { feature in
            FeatureColumn("f\(feature)", (0..<count).map { _ in generator.normal() + (shifted.contains(feature) ? 1 : 0) })
        }
    }

    @Test("Planted drift is found in its two features and in no other")
    func plantedDrift() throws {
        let report = try DriftMonitor(shareLimit: 0.2).report(
            on: columns(seed: 1, count: 300, shifted: [2, 7]), against: columns(seed: 2, count: 600), at: noon)
        #expect(report.features.filter { $0.verdict == .fail }.map(\.feature) == ["f2", "f7"])
        #expect(report.driftingShare == 0.2)
        #expect(report.verdict == .fail)
        #expect(report.findings().first { $0.check == "drift.f2" }?.verdict == .fail)
    }

    @Test("Over ten features without drift, a window alarms in at most the stated 5 % of cases")
    func familyFalseAlarms() throws {
        let monitor = DriftMonitor(numeric: KolmogorovSmirnovDetector(minimumDistance: 0), shareLimit: 0)
        var alarms = 0
        let windows = 400
        for window in 0..<windows {
            let report = try monitor.report(
                on: columns(seed: UInt64(1000 + 2 * window), count: 100),
                against: columns(seed: UInt64(1001 + 2 * window), count: 100), at: noon)
            alarms += report.verdict == .fail ? 1 : 0
        }
        let measured = Estimate.proportion(alarms, of: windows, confidence: 0.999)
        #expect(measured.lower < 0.05, "\(measured)")
    }

    @Test("With too few values nothing is judged")
    func insufficient() throws {
        let report = try DriftMonitor().report(
            on: columns(seed: 1, count: 5), against: columns(seed: 2, count: 600), at: noon)
        #expect(report.verdict == .insufficient)
        #expect(report.driftingShare == 0)
    }

    @Test("A column that the reference lacks, or that comes twice, throws")
    func badColumns() {
        let column = FeatureColumn("x", [1])
        #expect(throws: MLOpsError.self) { try DriftMonitor().report(on: [column], against: [], at: noon) }
        #expect(throws: MLOpsError.self) {
            try DriftMonitor().report(on: [column, column], against: [column], at: noon)
        }
    }

    @Test("Columns are made of captured predictions, with the labels as a column of their own")
    func columnsOfPredictions() {
        let records = [("dog", 0.4), (nil, Double.nan)].enumerated().map { index, row in
            PredictionRecord(
                id: "\(index)", at: noon, deployment: "d", package: Digest(of: [1]), label: row.0, input: Digest(of: [2]),
                features: ["brightness": row.1], latency: 0)
        }
        #expect(
            FeatureColumn.columns(of: records) == [
                FeatureColumn("brightness", [0.4]), FeatureColumn("prediction", categories: ["dog", "(abstained)"]),
            ])
    }
}
