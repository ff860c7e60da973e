import MLOpsCore
import MLOpsMonitor

/// A `DriftDetector`: how many standard errors the mean has moved.
struct MeanShiftDetector: DriftDetector {
    var limit = 4.0

    func verdict(on recent: FeatureColumn, against reference: FeatureColumn) throws -> DriftVerdict {
        guard case .numeric(let now) = recent.values, case .numeric(let then) = reference.values,
            (now + then).allSatisfy(\.isFinite)
        else {
            throw MLOpsError(.invalidArgument, "'\(recent.name)' is not all numbers.", help: "Give finite numbers.")
        }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
        let center = mean(then)
        let variance = mean(then.map { ($0 - center) * ($0 - center) })
        let error = (variance / Double(max(1, now.count)) + variance / Double(max(1, then.count))).squareRoot()
        let distance = abs(mean(now) - center) / max(error, 1e-12)
        return DriftVerdict(
            min(now.count, then.count) < 30 ? .insufficient : distance > limit ? .fail : .pass, method: "mean-shift.1",
            feature: recent.name, distance: distance, threshold: limit, recentCount: now.count,
            referenceCount: then.count)
    }
}
