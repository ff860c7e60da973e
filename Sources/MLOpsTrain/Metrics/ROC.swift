public import MLOpsCore

/// The receiver operating characteristic: how well a score tells one class from the rest.
public enum ROC {
    /// The area under the curve: the probability that a random positive scores above a random negative, ties by half.
    ///
    /// The interval is DeLong's; with all or no pairs in order it has no width, and says nothing.
    /// Source: E. R. DeLong et al., Biometrics 1988, computed by midranks as X. Sun and W. Xu, 2014, do.
    ///
    /// - Parameters:
    ///   - positives: the scores of the examples of the class.
    ///   - negatives: the scores of the others.
    /// - Throws: ``MLOpsCore/MLOpsError`` with `insufficientData` when either is empty, `invalidArgument` for a score
    ///   that is not a number.
    public static func area(
        positives: [Double], negatives: [Double], confidence: Double = 0.95
    ) throws -> Estimate {
        guard !positives.isEmpty, !negatives.isEmpty else {
            throw MLOpsError(
                .insufficientData,
                "The area under the curve needs both kinds, not \(positives.count) positives and "
                    + "\(negatives.count) negatives.",
                help: "Test on data that hold examples of the class and of others.")
        }
        guard !positives.contains(where: \.isNaN), !negatives.contains(where: \.isNaN) else {
            throw MLOpsError(
                .invalidArgument, "A score is not a number.", help: "Give finite scores; look for a diverged model.")
        }
        let (m, n) = (Double(positives.count), Double(negatives.count))
        let all = midranks(positives + negatives)
        let above = zip(all.prefix(positives.count), midranks(positives)).map { ($0 - $1) / n }
        let below = zip(all.dropFirst(positives.count), midranks(negatives)).map { 1 - ($0 - $1) / m }
        let area = above.reduce(0, +) / m
        let variance = spread(above, area) / m + spread(below, area) / n
        let half = NormalDistribution.quantile((1 + confidence) / 2) * variance.squareRoot()
        return Estimate(
            area, lower: max(0, area - half), upper: min(1, area + half), count: positives.count + negatives.count,
            confidence: confidence)
    }

    /// The area for one class against the rest, by the outcomes' probabilities of that class.
    public static func area(of index: Int, _ outcomes: [ClassificationOutcome]) throws -> Estimate {
        let scores = try outcomes.map { (score: try $0.probability(of: index), isPositive: $0.truth == index) }
        return try area(
            positives: scores.filter(\.isPositive).map(\.score),
            negatives: scores.filter { !$0.isPositive }.map(\.score))
    }

    /// The rank of each value from 1; equal values share the mean of their ranks.
    private static func midranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
            start = end
        }
        return ranks
    }

    private static func spread(_ values: [Double], _ mean: Double) -> Double {
        values.count > 1
            ? values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1) : 0
    }
}
