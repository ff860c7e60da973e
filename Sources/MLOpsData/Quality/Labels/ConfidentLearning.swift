internal import MLOpsCore

/// Finds labels that are probably wrong, by probabilities of a model that has not learned from them.
///
/// The probabilities must be out of fold: each example's come from a model that was trained without it. How many labels
/// of each class are wrong is estimated by counting examples that are confidently of another class; that many are
/// chosen, by how much more probable the other class is.
///
/// Source: C. Northcutt, L. Jiang, I. Chuang, "Confident learning: estimating uncertainty in dataset labels", JAIR 2021;
/// the steps and the rounding are those of cleanlab 2.9's `find_label_issues` with `prune_by_noise_rate`.
public struct ConfidentLearning: Sendable, Hashable {
    /// What was found.
    public struct Result: Sendable, Hashable, Codable {
        /// The estimated counts of examples by given class and true class, [K, K]; the rows sum to the given counts.
        public var confidentJoint: [[Int]]
        /// The mean self-confidence of each class: what counts as confident; 2 for a class without examples.
        public var thresholds: [Double]
        /// The labels that are probably wrong, the most suspicious first: by self-confidence, then by place.
        public var issues: [LabelIssue]
    }

    /// Keeps this many examples of each class from being suspected.
    public var minPerClass: Int

    /// Makes a finder.
    public init(minPerClass: Int = 1) { self.minPerClass = minPerClass }

    /// Finds labels that are probably wrong.
    ///
    /// - Parameters:
    ///   - labels: the class of each example, [n], 0 ..< K.
    ///   - probabilities: the probability of each class, [n, K], out of fold.
    /// - Throws: ``MLOpsError`` with `insufficientData` for no examples, `invalidArgument` for fewer than two classes,
    ///   shapes that don't fit, or probabilities that are not 0…1.
    public func issues(labels: [Int], probabilities: [[Double]]) throws -> Result {
        let classes = try Self.classCount(labels, probabilities)
        var sums = [Double](repeating: 0, count: classes)
        var counts = [Int](repeating: 0, count: classes)
        for (label, row) in zip(labels, probabilities) {
            sums[label] += row[label]
            counts[label] += 1
        }
        let thresholds = zip(sums, counts).map { $1 == 0 ? 2 : max(2e-6, $0 / Double($1)) }
        let joint = confidentJoint(labels, probabilities, thresholds, counts)
        let prune = pruneCounts(joint)

        var isSuspect = [Bool](repeating: false, count: labels.count)
        let members = Dictionary(grouping: labels.indices) { labels[$0] }
        for given in 0..<classes where counts[given] > max(1, minPerClass) {
            guard let places = members[given] else { continue }
            for other in 0..<classes where other != given && prune[other][given] > 0 {
                let margins = places.map { ($0, probabilities[$0][other] - probabilities[$0][given]) }
                for (place, _) in margins.sorted(by: { ($1.1, $0.0) < ($0.1, $1.0) }).prefix(prune[other][given]) {
                    isSuspect[place] = true
                }
            }
        }
        let issues = labels.indices.filter { isSuspect[$0] }.compactMap {
            Self.issue(at: $0, given: labels[$0], probabilities[$0])
        }.sorted { ($0.selfConfidence, $0.index) < ($1.selfConfidence, $1.index) }
        return Result(confidentJoint: joint, thresholds: thresholds, issues: issues)
    }

    /// All labels from the most suspicious on, by self-confidence, then by place: for a review of a fixed share.
    ///
    /// - Throws: as ``issues(labels:probabilities:)``.
    public static func ranking(labels: [Int], probabilities: [[Double]]) throws -> [Int] {
        _ = try classCount(labels, probabilities)
        return labels.indices.sorted {
            (probabilities[$0][labels[$0]], $0) < (probabilities[$1][labels[$1]], $1)
        }
    }

    private static func classCount(_ labels: [Int], _ probabilities: [[Double]]) throws -> Int {
        guard let first = probabilities.first, labels.count == probabilities.count else {
            throw MLOpsError(
                labels.isEmpty ? .insufficientData : .invalidArgument,
                "\(labels.count) labels can't be judged by \(probabilities.count) rows of probabilities.",
                help: "Give one row for each label, and at least one.")
        }
        for (place, (label, row)) in zip(labels, probabilities).enumerated() {
            guard first.count >= 2, row.count == first.count, row.indices.contains(label),
                row.allSatisfy({ $0 >= 0 && $0 <= 1 })
            else {
                throw MLOpsError(
                    .invalidArgument, "Example \(place), of class \(label), has the probabilities \(row.prefix(8)).",
                    help: "Give the probabilities, 0…1, of the same two or more classes for each example.")
            }
        }
        return first.count
    }

    /// Counts the confident examples by given and probable class, and scales the rows to the given counts.
    private func confidentJoint(
        _ labels: [Int], _ probabilities: [[Double]], _ thresholds: [Double], _ counts: [Int]
    ) -> [[Int]] {
        let classes = thresholds.count
        var joint = [[Double]](repeating: [Double](repeating: 0, count: classes), count: classes)
        for (label, row) in zip(labels, probabilities) {
            let confident = row.indices.filter { row[$0] >= thresholds[$0] - 1e-6 }
            guard let first = confident.first else { continue }
            joint[label][confident.count > 1 ? Self.firstMaximum(row) : first] += 1
        }
        for k in 0..<classes { joint[k][k] = max(1, joint[k][k]) }
        for given in 0..<classes {
            let sum = joint[given].reduce(0, +)
            joint[given] = joint[given].map { $0 / sum * Double(counts[given]) }
        }
        // Column by column and in NumPy's order, so that halves are rounded as in cleanlab.
        let columns = (0..<classes).flatMap { column in joint.map { $0[column] } }
        let total = Self.pairwiseSum(columns[...])
        return joint.map { row in Self.rounded(row.map { $0 / total * Double(labels.count) }) }
    }

    /// How many labels of each given class, the second index, are to be suspected for each true class, the first.
    private func pruneCounts(_ joint: [[Int]]) -> [[Int]] {
        let classes = joint.count
        var counts = (0..<classes).map { truth in (0..<classes).map { given in Double(joint[given][truth]) } }
        for given in 0..<classes {
            let missing = max(0, Double(minPerClass) - counts[given][given])
            let others = max(1, Double((0..<classes).count { counts[$0][given] != 0 }) - 1)
            for truth in 0..<classes {
                counts[truth][given] =
                    truth == given ? counts[truth][given] + missing : max(0, counts[truth][given] - missing / others)
            }
        }
        return counts.map(Self.rounded)
    }

    private static func issue(at index: Int, given: Int, _ row: [Double]) -> LabelIssue? {
        // A class that is as probable as the given one to within a millionth does not speak against it.
        var favored = row
        favored[given] += 1e-6
        guard firstMaximum(favored) != given else { return nil }
        let other = row.enumerated().filter { $0.offset != given }.map(\.element).max() ?? 0
        return LabelIssue(
            index: index, given: given, suggested: firstMaximum(row), selfConfidence: row[given],
            normalizedMargin: (row[given] - other + 1) / 2)
    }

    private static func firstMaximum(_ row: [Double]) -> Int {
        row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }
    }

    /// The sum of numbers in the order in which NumPy adds them, to the last bit.
    private static func pairwiseSum(_ values: ArraySlice<Double>) -> Double {
        if values.count < 8 { return values.reduce(0, +) }
        if values.count <= 128 {
            let whole = values.count - values.count % 8
            var sums = Array(values.prefix(8))
            for (place, value) in values.prefix(whole).dropFirst(8).enumerated() { sums[place % 8] += value }
            let total = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
            return values.dropFirst(whole).reduce(total, +)
        }
        let half = values.count / 2 - values.count / 2 % 8
        return pairwiseSum(values.prefix(half)) + pairwiseSum(values.dropFirst(half))
    }

    /// The numbers as whole ones whose sum is that of the numbers, rounded.
    private static func rounded(_ values: [Double]) -> [Int] {
        var whole = values.map { Int($0.rounded(.toNearestOrEven)) }
        var missing = Int(values.reduce(0, +).rounded(.toNearestOrEven)) - whole.reduce(0, +)
        while missing != 0 {
            let step = missing > 0 ? 1 : -1
            let order = values.indices.sorted { values[$0] - Double(whole[$0]) < values[$1] - Double(whole[$1]) }
            for place in (missing > 0 ? order.reversed() : order).prefix(abs(missing)) {
                whole[place] += step
                missing -= step
            }
        }
        return whole
    }
}
