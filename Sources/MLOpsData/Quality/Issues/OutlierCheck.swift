internal import MLOpsCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Records that are like no others, by the distance to their nearest neighbors.
///
/// Features are scaled to equal variance. The distance is that to the k-th nearest of at most `references` records,
/// drawn by a seed, so that a hundred thousand records take seconds; its logarithm is compared with the median in units
/// of the scaled median deviation, which is the score. Source: S. Ramaswamy, R. Rastogi, K. Shim, "Efficient algorithms
/// for mining outliers from large data sets", SIGMOD 2000, for the distance; B. Iglewicz, D. Hoaglin, "How to detect and
/// handle outliers", 1993, for the score.
public struct OutlierCheck: IssueCheck {
    /// Which of the nearest neighbors counts.
    public var neighbors: Int
    /// The least score that is an issue.
    public var limit: Double
    /// The most records that neighbors are sought among.
    public var references: Int
    /// What the references are drawn by.
    public var seed: UInt64

    /// Makes a check.
    public init(neighbors: Int = 10, limit: Double = 4, references: Int = 2000, seed: UInt64 = 0) {
        self.neighbors = neighbors
        self.limit = limit
        self.references = references
        self.seed = seed
    }

    /// One issue with all outliers, the farthest first.
    public func issues(in subject: IssueSubject) throws -> [DataIssue] {
        let scores = try scores(subject.features)
        let far = scores.indices.filter { scores[$0] >= limit }.sorted { (scores[$1], $0) < (scores[$0], $1) }
        guard let farthest = far.first, subject.ids.count == scores.count else { return [] }
        return [
            DataIssue(
                .outlier,
                "\(far.count) records are far from all others, the farthest by \(scores[farthest].short) deviations.",
                score: scores[farthest], count: far.count, records: far.prefix(48).map { subject.ids[$0] })
        ]
    }

    /// How far each record is from the others, in deviations from the usual; empty for too few records to say.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for features of different lengths, or that are not finite.
    public func scores(_ features: [[Double]]) throws -> [Double] {
        guard let width = features.first?.count, features.count > 2 * max(1, neighbors) else { return [] }
        guard width > 0, features.allSatisfy({ $0.count == width && $0.allSatisfy(\.isFinite) }) else {
            throw MLOpsError(
                .invalidArgument, "The \(features.count) records don't have \(width) finite features each.",
                help: "Give the same features for each record.")
        }
        let points = Self.standardized(features, width)
        var chance = SeededGenerator(seed: seed)
        let chosen = Array(chance.shuffled(Array(0..<features.count)).prefix(max(2 * max(1, neighbors), references)))
        let logs = points.indices.map { log(max(distance(of: $0, points, chosen), 1e-12)) }
        let median = logs.sorted().interpolatedQuantile(0.5)
        let deviation = logs.map { abs($0 - median) }.sorted().interpolatedQuantile(0.5)
        // 1.4826 makes the median deviation of a normal distribution its standard deviation.
        return logs.map { ($0 - median) / max(1.4826 * deviation, 1e-9) }
    }

    /// The distance of a point to the k-th nearest of the chosen ones, itself left out.
    private func distance(of place: Int, _ points: [[Float]], _ chosen: [Int]) -> Double {
        // The nearest so far, ascending.
        var nearest = [Float](repeating: .infinity, count: max(1, neighbors))
        points[place].withUnsafeBufferPointer { point in
            for other in chosen where other != place {
                var sum: Float = 0
                points[other].withUnsafeBufferPointer { other in
                    for i in 0..<point.count {
                        let difference = point[i] - other[i]
                        sum += difference * difference
                    }
                }
                guard sum < nearest[nearest.count - 1] else { continue }
                var slot = nearest.count - 1
                while slot > 0, nearest[slot - 1] > sum {
                    nearest[slot] = nearest[slot - 1]
                    slot -= 1
                }
                nearest[slot] = sum
            }
        }
        return Double(nearest[nearest.count - 1]).squareRoot()
    }

    private static func standardized(_ features: [[Double]], _ width: Int) -> [[Float]] {
        let scales = (0..<width).map { column in
            var moments = Moments()
            for row in features { moments.add(row[column]) }
            return (mean: moments.mean, deviation: max(moments.standardDeviation, 1e-12))
        }
        return features.map { row in zip(row, scales).map { Float(($0 - $1.mean) / $1.deviation) } }
    }
}
