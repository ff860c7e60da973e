/// Labels or numbers that depend on the order of the records, so that a part cut off without shuffling is unlike the
/// rest.
///
/// For labels the number of neighbors of one class is compared with that of a random order (D. Moran's join count, as
/// in Wald and Wolfowitz 1940 for two classes); for numbers the correlation of neighbors with zero. The score is the
/// number of standard deviations. Labels that are the folders in the ids, as in `cat/1.jpg`, are sorted by nature and not
/// judged.
public struct OrderCheck: IssueCheck {
    /// The least number of standard deviations that is an issue.
    public var limit: Double
    /// The fewest records that are judged.
    public var minCount: Int

    /// Makes a check.
    public init(limit: Double = 6, minCount: Int = 50) {
        self.limit = limit
        self.minCount = minCount
    }

    /// The columns that depend on the order, the label first.
    public func issues(in subject: IssueSubject) -> [DataIssue] {
        var issues: [DataIssue] = []
        if let column = subject.labelColumn, !areFolders(subject), let score = joins(subject.labels.compactMap { $0 }),
            score > limit
        {
            issues.append(
                DataIssue(
                    .order,
                    "Records of one label follow each other: \(score.short) standard deviations more than by chance.",
                    column: column, score: score, count: subject.ids.count))
        }
        for column in subject.otherColumns {
            let numbers = column.values.compactMap(\.number)
            guard numbers.count == column.values.count, let score = correlation(numbers), score > limit else {
                continue
            }
            issues.append(
                DataIssue(
                    .order, "'\(column.name)' depends on the order of the records: \(score.short) standard deviations.",
                    column: column.name, score: score, count: numbers.count))
        }
        return issues
    }

    /// Whether each id begins with the folder of its label.
    private func areFolders(_ subject: IssueSubject) -> Bool {
        zip(subject.ids, subject.labels).allSatisfy { id, label in label.map { id.hasPrefix($0 + "/") } ?? false }
    }

    /// By how many standard deviations equal neighbors are more than in a random order of the same labels.
    private func joins(_ labels: [String]) -> Double? {
        let n = Double(labels.count)
        guard labels.count >= minCount else { return nil }
        let counts = labels.reduce(into: [String: Double]()) { $0[$1, default: 0] += 1 }.sorted { $0.key < $1.key }
            .map(\.value)
        let observed = Double(zip(labels, labels.dropFirst()).count { $0 == $1 })
        // Moments of the number of equal neighbors over all orders: of single pairs, of pairs that share a record, and of
        // pairs that do not.
        let one = counts.reduce(0) { $0 + $1 * ($1 - 1) } / (n * (n - 1))
        let three = counts.reduce(0) { $0 + $1 * ($1 - 1) * ($1 - 2) } / (n * (n - 1) * (n - 2))
        let squares = counts.reduce(0) { $0 + $1 * ($1 - 1) }
        let four =
            (squares * squares
                - counts.reduce(0) { $0 + $1 * ($1 - 1) * ($1 * ($1 - 1) - ($1 - 2) * ($1 - 3)) })
            / (n * (n - 1) * (n - 2) * (n - 3))
        let mean = (n - 1) * one
        let variance = (n - 1) * one + 2 * (n - 2) * three + (n - 2) * (n - 3) * four - mean * mean
        return variance > 1e-9 ? (observed - mean) / variance.squareRoot() : nil
    }

    /// By how many standard deviations the correlation of neighbors is from 0.
    private func correlation(_ numbers: [Double]) -> Double? {
        guard numbers.count >= minCount else { return nil }
        var moments = Moments()
        for number in numbers { moments.add(number) }
        guard moments.variance > 0, moments.variance.isFinite else { return nil }
        let sum = zip(numbers, numbers.dropFirst()).reduce(0) { $0 + ($1.0 - moments.mean) * ($1.1 - moments.mean) }
        let r = sum / (moments.variance * Double(numbers.count))
        return abs(r) * Double(numbers.count).squareRoot()
    }
}
