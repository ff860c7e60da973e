internal import MLOpsCore

/// Drift of categories by Pearson's chi-squared test of homogeneity, without continuity correction.
///
/// The distance is Cramér's V (0…1); a fail needs V above ``minimumDistance`` and the p-value below ``significance``.
/// Categories with an expected count below 5 are pooled.
/// Source: K. Pearson, Philosophical Magazine 50, 1900; H. Cramér, "Mathematical Methods of Statistics", 1946, §21.9.
public struct ChiSquaredDetector: DriftDetector {
    /// The value of Cramér's V above which a significant difference counts as drift.
    public var minimumDistance: Double
    /// The probability of a p-value this small without drift.
    public var significance: Double
    /// With fewer values on either side the verdict is `insufficient`.
    public var minimumCount: Int

    /// Makes a detector.
    public init(minimumDistance: Double = 0.1, significance: Double = 0.05, minimumCount: Int = 30) {
        self.minimumDistance = minimumDistance
        self.significance = significance
        self.minimumCount = minimumCount
    }

    /// Compares `recent` with `reference`.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for columns of numbers.
    public func verdict(on recent: FeatureColumn, against reference: FeatureColumn) throws -> DriftVerdict {
        let counts = try CategoryCounts(recent.categories(), reference.categories()).pooled()
        let (m, n) = (recent.count, reference.count)
        guard min(m, n) >= max(1, minimumCount) else {
            return DriftVerdict(
                .insufficient, method: "chi2.1", feature: recent.name, distance: 0, threshold: minimumDistance,
                recentCount: m, referenceCount: n)
        }
        let total = Double(m + n)
        var statistic = 0.0
        for pair in counts {
            let both = Double(pair.recent + pair.reference)
            for (seen, size) in [(pair.recent, m), (pair.reference, n)] {
                let expected = both * Double(size) / total
                statistic += (Double(seen) - expected) * (Double(seen) - expected) / expected
            }
        }
        let p =
            counts.count < 2
            ? 1 : SpecialFunctions.chiSquaredSurvival(statistic, degreesOfFreedom: counts.count - 1)
        let distance = (statistic / total).squareRoot()
        return DriftVerdict(
            distance > minimumDistance && p < significance ? .fail : .pass, method: "chi2.1", feature: recent.name,
            distance: distance, threshold: minimumDistance, pValue: p, recentCount: m, referenceCount: n)
    }
}
