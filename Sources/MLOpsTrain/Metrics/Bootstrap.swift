public import MLOpsCore

/// Confidence intervals by drawing samples from the sample; the draws depend on the seed alone.
public struct Bootstrap: Sendable, Hashable {
    /// The number of samples to draw; at least 100.
    public var resamples: Int
    /// The seed of the draws.
    public var seed: UInt64
    /// The confidence of the intervals, in 0 < confidence < 1.
    public var confidence: Double

    /// Makes a bootstrap.
    ///
    /// - Throws: ``MLOpsCore/MLOpsError`` with `invalidArgument` for fewer than 100 samples or more than 1,000,000, or
    ///   a confidence outside of 0…1.
    public init(resamples: Int, seed: UInt64 = 0, confidence: Double = 0.95) throws {
        guard 100...1_000_000 ~= resamples, confidence > 0, confidence < 1 else {
            throw MLOpsError(
                .invalidArgument, "A bootstrap of \(resamples) samples at confidence \(confidence) can't be done.",
                help: "Draw 100 to 1,000,000 samples, and give a confidence such as 0.95.")
        }
        self.init(unchecked: resamples, seed: seed, confidence: confidence)
    }

    private init(unchecked resamples: Int, seed: UInt64, confidence: Double) {
        self.resamples = resamples
        self.seed = seed
        self.confidence = confidence
    }

    /// 1000 samples, seed 0, confidence 0.95.
    public static let standard = Bootstrap(unchecked: 1000, seed: 0, confidence: 0.95)

    /// The intervals of several statistics of counts by cell, such as those of a confusion matrix.
    ///
    /// The ends are corrected for bias and skewness (BCa). Where no sample gives another value, the ends are the
    /// value itself. A statistic that is not finite in a sample leaves that sample out.
    /// Source: B. Efron, "Better bootstrap confidence intervals", JASA 1987.
    ///
    /// - Parameters:
    ///   - counts: how many observations are in each cell.
    ///   - statistics: computes the statistics of such counts; always as many.
    public func estimates(ofCounts counts: [Int], statistics: ([Int]) -> [Double]) -> [Estimate] {
        let total = counts.reduce(0, +)
        let values = statistics(counts)
        guard total > 0 else {
            return values.map { Estimate($0, lower: $0, upper: $0, count: 0, confidence: confidence) }
        }

        var cells: [Int] = []
        cells.reserveCapacity(total)
        for (cell, count) in counts.enumerated() { cells.append(contentsOf: repeatElement(cell, count: count)) }
        var draws = [[Double]](repeating: [], count: values.count)
        for resample in 0..<resamples {
            var generator = SeededGenerator(seed: seed, UInt64(resample))
            var sample = [Int](repeating: 0, count: counts.count)
            for _ in 0..<total { sample[cells[generator.integer(below: total)]] += 1 }
            for (index, value) in statistics(sample).enumerated() where value.isFinite { draws[index].append(value) }
        }

        // Leaving out any observation of a cell gives the same value, so there is one jackknife value a cell.
        var jackknife: [(weight: Double, values: [Double])] = []
        for (cell, count) in counts.enumerated() where count > 0 {
            var rest = counts
            rest[cell] -= 1
            jackknife.append((Double(count), statistics(rest)))
        }
        return values.indices.map { index in
            let leftOut = jackknife.map { (weight: $0.weight, value: $0.values[index]) }.filter { $0.value.isFinite }
            let (lower, upper) = ends(of: draws[index].sorted(), around: values[index], leftOut)
            return Estimate(values[index], lower: lower, upper: upper, count: total, confidence: confidence)
        }
    }

    /// The interval of a statistic of a sample by the percentiles of its values in the drawn samples.
    ///
    /// - Parameters:
    ///   - count: the number of observations.
    ///   - statistic: computes the statistic of the observations with the given indices, which may repeat.
    public func estimate(count: Int, statistic: ([Int]) -> Double) -> Estimate {
        let value = statistic(Array(0..<count))
        guard count > 0 else { return Estimate(value, lower: value, upper: value, count: 0, confidence: confidence) }
        let draws = (0..<resamples).map { resample in
            var generator = SeededGenerator(seed: seed, UInt64(resample))
            return statistic((0..<count).map { _ in generator.integer(below: count) })
        }.filter(\.isFinite).sorted()
        guard !draws.isEmpty else {
            return Estimate(value, lower: value, upper: value, count: count, confidence: confidence)
        }
        let tail = (1 - confidence) / 2
        return Estimate(
            value, lower: Self.quantile(tail, of: draws), upper: Self.quantile(1 - tail, of: draws), count: count,
            confidence: confidence)
    }

    private func ends(
        of draws: [Double], around value: Double, _ leftOut: [(weight: Double, value: Double)]
    ) -> (Double, Double) {
        guard let least = draws.first, let most = draws.last, least < most, value.isFinite else {
            return (value, value)
        }
        let below = draws.reduce(0.0) { $0 + ($1 < value ? 1 : $1 == value ? 0.5 : 0) }
        // Kept off 0 and 1, where the correction would be infinite.
        let share = min(max(below, 0.5), Double(draws.count) - 0.5) / Double(draws.count)
        let bias = NormalDistribution.quantile(share)

        let weight = leftOut.reduce(0) { $0 + $1.weight }
        let mean = leftOut.reduce(0) { $0 + $1.weight * $1.value } / max(weight, 1)
        let (squares, cubes) = leftOut.reduce((0.0, 0.0)) {
            let gap = mean - $1.value
            return ($0.0 + $1.weight * gap * gap, $0.1 + $1.weight * gap * gap * gap)
        }
        let acceleration = squares > 0 ? cubes / (6 * squares * squares.squareRoot()) : 0

        let tail = (1 - confidence) / 2
        let ends = [tail, 1 - tail].map { level -> Double in
            let z = bias + NormalDistribution.quantile(level)
            let place = NormalDistribution.cumulative(bias + z / (1 - acceleration * z))
            return Self.quantile(place.isFinite ? place : level, of: draws)
        }
        return (min(ends[0], value), max(ends[1], value))
    }

    /// The quantile of sorted values, with linear interpolation between neighbors.
    private static func quantile(_ share: Double, of sorted: [Double]) -> Double {
        let place = min(max(share, 0), 1) * Double(sorted.count - 1)
        let index = min(Int(place), sorted.count - 1)
        let next = min(index + 1, sorted.count - 1)
        return sorted[index] + (sorted[next] - sorted[index]) * (place - Double(index))
    }
}
