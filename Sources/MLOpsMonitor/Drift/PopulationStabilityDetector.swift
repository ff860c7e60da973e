internal import Foundation
internal import MLOpsCore

/// Drift by the population stability index (PSI), of numbers in quantile bins of the reference or of categories.
///
/// PSI = Σ (rᵢ − sᵢ) ln(rᵢ / sᵢ), with rᵢ and sᵢ the shares of recent and reference values in bin i. A share of 0 is
/// taken as ``emptyShare``, so that the index stays finite. Without drift, PSI / (1/m + 1/n) is about chi-squared with
/// one degree of freedom less than bins: the p-value comes from that, and a fail needs the index above ``threshold``
/// and the p-value below ``significance``. Source: B. Yurdakul, J. Naranjo, "Statistical properties of the population
/// stability index", Journal of Risk Model Validation 14(4), 2020. By custom, 0.1 is a moderate shift and 0.2 a large
/// one.
public struct PopulationStabilityDetector: DriftDetector {
    /// The number of quantile bins for numbers; equal quantiles merge.
    public var binCount: Int
    /// The index above which a significant difference counts as drift.
    public var threshold: Double
    /// The probability of a p-value this small without drift.
    public var significance: Double
    /// The share that stands for an empty bin.
    public var emptyShare: Double
    /// With fewer values on either side the verdict is `insufficient`.
    public var minimumCount: Int

    /// Makes a detector.
    public init(
        binCount: Int = 10, threshold: Double = 0.2, significance: Double = 0.05, emptyShare: Double = 1e-4,
        minimumCount: Int = 100
    ) {
        precondition(binCount >= 2, "PSI needs at least 2 bins, not \(binCount)")
        precondition(emptyShare > 0 && emptyShare < 1, "the share of an empty bin can't be \(emptyShare)")
        self.binCount = binCount
        self.threshold = threshold
        self.significance = significance
        self.emptyShare = emptyShare
        self.minimumCount = minimumCount
    }

    /// Compares `recent` with `reference`.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when one column holds numbers and the other categories, or a
    ///   number is not finite.
    public func verdict(on recent: FeatureColumn, against reference: FeatureColumn) throws -> DriftVerdict {
        let counts: [(recent: Int, reference: Int)]
        switch reference.values {
        case .numeric:
            counts = try quantileCounts(recent.finiteNumbers(), reference.finiteNumbers())
        case .categorical:
            counts = try CategoryCounts(recent.categories(), reference.categories()).pairs
        }
        let (m, n) = (recent.count, reference.count)
        guard min(m, n) >= max(1, minimumCount) else {
            return DriftVerdict(
                .insufficient, method: "psi.1", feature: recent.name, distance: 0, threshold: threshold,
                recentCount: m, referenceCount: n)
        }
        var index = 0.0
        for pair in counts {
            let r = pair.recent == 0 ? emptyShare : Double(pair.recent) / Double(m)
            let s = pair.reference == 0 ? emptyShare : Double(pair.reference) / Double(n)
            index += (r - s) * log(r / s)
        }
        let scale = 1 / Double(m) + 1 / Double(n)
        let p =
            counts.count < 2
            ? 1 : SpecialFunctions.chiSquaredSurvival(index / scale, degreesOfFreedom: counts.count - 1)
        return DriftVerdict(
            index > threshold && p < significance ? .fail : .pass, method: "psi.1", feature: recent.name,
            distance: index, threshold: threshold, pValue: p, recentCount: m, referenceCount: n)
    }

    /// Counts per bin; bin edges are the reference's quantiles k / binCount (the value of that rank), each bin closed
    /// on the right, the outer ones open to infinity.
    private func quantileCounts(_ recent: [Double], _ reference: [Double]) -> [(recent: Int, reference: Int)] {
        let sorted = reference.sorted()
        guard !sorted.isEmpty else { return [] }
        var edges: [Double] = []
        for k in 1..<binCount {
            let rank = (k * sorted.count + binCount - 1) / binCount
            let edge = sorted[max(0, rank - 1)]
            if edge != edges.last, edge < sorted[sorted.count - 1] { edges.append(edge) }
        }
        func counts(_ values: [Double]) -> [Int] {
            var counts = [Int](repeating: 0, count: edges.count + 1)
            for value in values { counts[bin(of: value, edges)] += 1 }
            return counts
        }
        return zip(counts(recent), counts(reference)).map { ($0, $1) }
    }

    /// The number of edges below the value.
    private func bin(of value: Double, _ edges: [Double]) -> Int {
        var low = 0
        var high = edges.count
        while low < high {
            let middle = (low + high) / 2
            if edges[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
