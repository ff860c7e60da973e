import Foundation
import MLOpsCore
import MLOpsMonitor
import Testing

@Suite("Integrity")
struct IntegrityMonitorTests {
    private let period = DateInterval(start: Captures.noon, duration: 100)

    private func records(_ count: Int, feature: (Int) -> Double?) -> [PredictionRecord] {
        (0..<count).map { index in
            Captures.row(
                index, said: "dog", at: Captures.noon + Double(index), camera: "north",
                features: feature(index).map { ["brightness": $0] } ?? [:], input: index % 50
            ).prediction
        }
    }

    private func findings(_ expectation: IntegrityMonitor.Expectation, _ records: [PredictionRecord]) -> [Finding] {
        IntegrityMonitor([expectation], knownTags: ["camera": ["north", "south"]])
            .findings(on: records, in: period, at: Captures.noon)
    }

    @Test("Values out of range and missing values fail beyond the allowed share")
    func values() {
        let rows = records(100) { $0 < 4 ? 2 : $0 < 10 ? nil : 0.5 }
        #expect(findings(.range(feature: "brightness", 0...1, allowedShare: 0.05), rows).map(\.verdict) == [.pass])
        #expect(findings(.range(feature: "brightness", 0...1), rows).map(\.verdict) == [.fail])
        #expect(findings(.present(feature: "brightness", allowedShare: 0.05), rows).map(\.verdict) == [.fail])
        #expect(findings(.present(feature: "brightness", allowedShare: 0.06), rows).map(\.verdict) == [.pass])
        #expect(findings(.present(feature: "brightness"), []).map(\.verdict) == [.insufficient])
    }

    @Test("Repeated inputs fail beyond the allowed share")
    func duplicates() {
        #expect(findings(.duplicates(allowedShare: 0.4), records(100) { _ in 1 }).map(\.verdict) == [.fail])
        #expect(findings(.duplicates(allowedShare: 0.5), records(100) { _ in 1 }).map(\.verdict) == [.pass])
    }

    @Test("A silent camera fails the checks of rate and gap, and one that sends passes")
    func silence() {
        let rows = records(100) { _ in 1 }
        let rate = findings(.rate(tag: "camera", atLeast: 0.9), rows)
        #expect(rate.map(\.check) == ["integrity.rate.north", "integrity.rate.south"])
        #expect(rate.map(\.verdict) == [.pass, .fail])
        #expect(findings(.gap(tag: "camera", atMost: 5), rows).map(\.verdict) == [.pass, .fail])
        #expect(findings(.gap(tag: "camera", atMost: 5), Array(rows.prefix(90))).map(\.verdict) == [.fail, .fail])
    }
}
