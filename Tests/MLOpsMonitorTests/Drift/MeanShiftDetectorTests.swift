import MLOpsCore
import MLOpsMonitor
import MLOpsTestKit
import Testing

/// The detector of the article "Implementing a drift detector"; the two are kept alike.
struct MeanShiftDetector: DriftDetector {
    var threshold = 0.2
    var minimumCount = 30

    func verdict(on recent: FeatureColumn, against reference: FeatureColumn) throws -> DriftVerdict {
        let now = try recent.finiteNumbers()
        let past = try reference.finiteNumbers()
        func verdict(_ verdict: Verdict, _ distance: Double) -> DriftVerdict {
            DriftVerdict(
                verdict, method: "mean-shift.1", feature: recent.name, distance: distance, threshold: threshold,
                recentCount: now.count, referenceCount: past.count)
        }
        guard min(now.count, past.count) >= max(2, minimumCount) else { return verdict(.insufficient, 0) }
        let mean = past.reduce(0, +) / Double(past.count)
        let variance = past.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(past.count - 1)
        let shift = abs(now.reduce(0, +) / Double(now.count) - mean)
        let distance = shift == 0 ? 0 : shift / variance.squareRoot()
        return verdict(distance > threshold ? .fail : .pass, distance)
    }
}

@Suite("A drift detector of a third party")
struct MeanShiftDetectorTests {
    @Test("The detector of the article sits the exam")
    func exam() async throws { try await DriftDetectorExam(numeric: MeanShiftDetector()).run() }
}
