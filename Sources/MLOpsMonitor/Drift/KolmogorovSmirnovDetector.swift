internal import MLOpsCore

/// Drift of numbers by the two-sample Kolmogorov–Smirnov test.
///
/// It fails when the distance D (0…1) is above ``minimumDistance`` and the p-value below ``significance``: without the
/// first, large samples would fail for differences that do not matter; without the second, small ones by chance.
/// Source: N. V. Smirnov, "Table for estimating the goodness of fit of empirical distributions", Annals of
/// Mathematical Statistics 19, 1948.
public struct KolmogorovSmirnovDetector: DriftDetector {
    /// How the p-value is computed.
    public enum PValueMethod: Sendable, Hashable, Codable {
        /// Exactly up to 4 million pairs of values, else asymptotically.
        case automatic
        /// By counting lattice paths; O(m · n).
        case exact
        /// By Kolmogorov's distribution; O(n) at worst.
        case asymptotic
    }

    /// The distance above which a significant difference counts as drift.
    public var minimumDistance: Double
    /// The probability of a p-value this small without drift.
    public var significance: Double
    /// With fewer values on either side the verdict is `insufficient`.
    public var minimumCount: Int
    /// How the p-value is computed.
    public var pValueMethod: PValueMethod

    /// Makes a detector.
    public init(
        minimumDistance: Double = 0.1, significance: Double = 0.05, minimumCount: Int = 30,
        pValueMethod: PValueMethod = .automatic
    ) {
        self.minimumDistance = minimumDistance
        self.significance = significance
        self.minimumCount = minimumCount
        self.pValueMethod = pValueMethod
    }

    /// Compares `recent` with `reference`.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for categories or values that are not finite.
    public func verdict(on recent: FeatureColumn, against reference: FeatureColumn) throws -> DriftVerdict {
        let a = try recent.finiteNumbers()
        let b = try reference.finiteNumbers()
        let judged = min(a.count, b.count) >= max(1, minimumCount)
        let distance = judged ? TwoSampleKolmogorovSmirnov.statistic(a, b) : 0
        let p = judged ? pValue(distance, a.count, b.count) : nil
        let drifts = distance > minimumDistance && (p ?? 1) < significance
        return DriftVerdict(
            judged ? (drifts ? .fail : .pass) : .insufficient, method: "ks.1", feature: recent.name,
            distance: distance, threshold: minimumDistance, pValue: p, recentCount: a.count, referenceCount: b.count)
    }

    private func pValue(_ distance: Double, _ m: Int, _ n: Int) -> Double {
        let (pairs, overflow) = m.multipliedReportingOverflow(by: n)
        let exact = pValueMethod == .exact || (pValueMethod == .automatic && !overflow && pairs <= 4_000_000)
        return exact
            ? TwoSampleKolmogorovSmirnov.exactSurvival(distance, m, n)
            : TwoSampleKolmogorovSmirnov.asymptoticSurvival(distance, m, n)
    }
}
