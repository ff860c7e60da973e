public import Foundation
public import MLOpsCore

/// Watches whether a model has begun to favor one class over another.
///
/// With r₁ and r₂ the rates at which the window's predictions name ``first`` and ``second``, and r₁*, r₂* those of the
/// reference,
///
///     bias = (r₁ − r₂) / (r₁ + r₂) − (r₁* − r₂*) / (r₁* + r₂*)
///
/// so that 65 dogs and 35 cats, against a balanced reference, are a bias of 30 % to dogs. With q = r₁ / (r₁ + r₂) this
/// is 2 (q − q*), a difference of two proportions; so is its interval:
/// Newcombe's for a reference period, Wilson's for a fixed share, and that of Agresti and Min for labels of the same
/// predictions, which are paired with them.
///
/// The verdict is fail when the measured |bias| reaches ``limit`` and the interval excludes zero. Asking that the whole
/// interval lie beyond the limit would keep silent about a model that sits on it; asking only for the measured value
/// would alarm by chance at small limits. Below ``minimumCount`` the verdict is insufficient.
public struct PredictionBiasMonitor: Sendable {
    /// What the window's predictions are compared with.
    public enum Reference: Sendable, Hashable {
        /// A known share of the first class among both; 0.5 is balanced.
        case share(Double)
        /// How often a reference period named (or held) the first and the second class.
        case counts(first: Int, second: Int)
        /// The true labels of the window's own predictions; only those are used whose prediction and label are of the
        /// two classes.
        case labels
    }

    /// The class toward which a positive bias points.
    public var first: String
    /// The class toward which a negative bias points.
    public var second: String
    /// What the window is compared with.
    public var reference: Reference
    /// The |bias| from which on the verdict is fail; 0…1 and more.
    public var limit: Double
    /// With fewer predictions of the two classes the verdict is `insufficient`.
    public var minimumCount: Int
    /// The confidence of the interval.
    public var confidence: Double

    /// Makes a monitor.
    public init(
        _ first: String, over second: String, reference: Reference = .share(0.5), limit: Double = 0.3,
        minimumCount: Int = 100, confidence: Double = 0.95
    ) {
        self.first = first
        self.second = second
        self.reference = reference
        self.limit = limit
        self.minimumCount = minimumCount
        self.confidence = confidence
    }

    /// Measures the bias of a window.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for a reference share outside 0…1 or negative counts.
    public func report(on window: [LabeledPrediction], at: Date) throws -> PredictionBias {
        let estimate: Estimate
        let enough: Bool
        switch reference {
        case .share(let share):
            guard (0...1).contains(share) else { throw badReference("share \(share)") }
            let counts = counts(window.map(\.prediction.label))
            estimate = againstShare(share, counts)
            enough = estimate.count >= minimumCount
        case .counts(let first, let second):
            guard first >= 0, second >= 0 else { throw badReference("counts \(first), \(second)") }
            let counts = counts(window.map(\.prediction.label))
            estimate = againstCounts((first, second), counts)
            enough = min(counts.first + counts.second, first + second) >= minimumCount
        case .labels:
            estimate = againstLabels(window)
            enough = estimate.count >= minimumCount
        }
        let reached = abs(estimate.value) >= limit && estimate.excludesZero
        return PredictionBias(
            first: first, second: second, bias: estimate, limit: limit,
            verdict: enough && estimate.count > 0 ? (reached ? .fail : .pass) : .insufficient, at: at)
    }

    private func counts(_ labels: [String?]) -> (first: Int, second: Int) {
        (labels.count { $0 == first }, labels.count { $0 == second })
    }

    private func againstShare(_ share: Double, _ counts: (first: Int, second: Int)) -> Estimate {
        let total = counts.first + counts.second
        let q = Estimate.proportion(counts.first, of: total, confidence: confidence)
        let value = total == 0 ? 0 : balance(counts) - (2 * share - 1)
        return Estimate(
            value, lower: 2 * (q.lower - share), upper: 2 * (q.upper - share), count: total, confidence: confidence)
    }

    private func againstCounts(_ past: (first: Int, second: Int), _ now: (first: Int, second: Int)) -> Estimate {
        let total = now.first + now.second
        let difference = Estimate.difference(
            .proportion(now.first, of: total, confidence: confidence),
            .proportion(past.first, of: past.first + past.second, confidence: confidence))
        let known = total > 0 && past.first + past.second > 0
        return Estimate(
            known ? balance(now) - balance(past) : 0, lower: 2 * difference.lower, upper: 2 * difference.upper,
            count: total, confidence: confidence)
    }

    /// A. Agresti, Y. Min, "Simple improved confidence intervals for comparing matched proportions", Statistics in
    /// Medicine 24, 2005: Wald's interval after half a case has been added to each of the four cells.
    private func againstLabels(_ window: [LabeledPrediction]) -> Estimate {
        let pair = Set([first, second])
        var toFirst = 0
        var toSecond = 0
        var total = 0
        for row in window {
            guard let said = row.prediction.label, let truth = row.label?.label, pair.contains(said),
                pair.contains(truth)
            else { continue }
            total += 1
            if said == first && truth == second { toFirst += 1 }
            if said == second && truth == first { toSecond += 1 }
        }
        guard total > 0 else { return Estimate(0, lower: -2, upper: 2, count: 0, confidence: confidence) }
        let n = Double(total) + 2
        let (b, c) = (Double(toFirst) + 0.5, Double(toSecond) + 0.5)
        let center = (b - c) / n
        let half =
            NormalDistribution.quantile((1 + confidence) / 2) * ((b + c) / n - center * center).squareRoot()
            / n.squareRoot()
        return Estimate(
            2 * Double(toFirst - toSecond) / Double(total), lower: 2 * max(-1, center - half),
            upper: 2 * min(1, center + half), count: total, confidence: confidence)
    }

    /// (r₁ − r₂) / (r₁ + r₂), of whole counts so that it is exact.
    private func balance(_ counts: (first: Int, second: Int)) -> Double {
        Double(counts.first - counts.second) / Double(counts.first + counts.second)
    }

    private func badReference(_ what: String) -> MLOpsError {
        MLOpsError(
            .invalidArgument, "The reference \(what) of the bias monitor can't be.",
            help: "Give a share in 0…1, or counts of 0 or more.")
    }
}
