public import MLOpsCore

/// How often each true class was given each answer.
///
/// An abstention is a wrong answer: it lowers accuracy and recall, and counts for the precision of no class.
public struct ConfusionMatrix: Sendable, Hashable, Codable {
    /// The number of classes.
    public let classCount: Int
    /// The counts, [classCount, classCount + 1]: a row for each true class, a column for each answer, abstentions last.
    public let counts: [[Int]]

    /// Counts outcomes.
    ///
    /// - Throws: ``MLOpsCore/MLOpsError`` with `invalidArgument` when a class is not in 0 ..< classCount.
    public init(classCount: Int, _ outcomes: some Sequence<ClassificationOutcome>) throws {
        guard classCount >= 1 else {
            throw MLOpsError(
                .invalidArgument, "A confusion matrix of \(classCount) classes can't be.",
                help: "Give at least one class.")
        }
        var counts = [[Int]](repeating: [Int](repeating: 0, count: classCount + 1), count: classCount)
        for outcome in outcomes {
            let answer = outcome.predicted ?? classCount
            guard 0..<classCount ~= outcome.truth, outcome.predicted == nil || 0..<classCount ~= answer else {
                throw MLOpsError(
                    .invalidArgument,
                    "Example '\(outcome.id)' is of class \(outcome.truth) and was given \(answer), "
                        + "but there are \(classCount) classes.",
                    help: "Give classes in 0 ..< \(classCount), and nil for an abstention.")
            }
            counts[outcome.truth][answer] += 1
        }
        self.classCount = classCount
        self.counts = counts
    }

    /// Takes counts as they are: rows are true classes, columns answers, with or without a last column of abstentions.
    ///
    /// - Throws: ``MLOpsCore/MLOpsError`` with `invalidArgument` when the rows don't fit or a count is negative.
    public init(counts: [[Int]]) throws {
        let classCount = counts.count
        guard classCount >= 1,
            counts.allSatisfy({ $0.count == counts[0].count && $0.allSatisfy { 0..<(1 << 48) ~= $0 } }),
            counts[0].count == classCount || counts[0].count == classCount + 1, classCount < 1 << 15
        else {
            throw MLOpsError(
                .invalidArgument, "The counts \(counts) are no confusion matrix.",
                help: "Give one row a class, and a column a class with or without one for abstentions.")
        }
        self.classCount = classCount
        self.counts = counts.map { $0.count == classCount ? $0 + [0] : $0 }
    }

    /// Reads the counts, and checks them.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(counts: container.decode([[Int]].self, forKey: .counts))
    }

    /// The number of outcomes.
    public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

    /// The number of outcomes whose answer is the truth.
    public var correct: Int { counts.indices.reduce(0) { $0 + counts[$1][$1] } }

    /// The number of examples of a class.
    public func support(of index: Int) -> Int { counts[index].reduce(0, +) }

    /// The number of examples that were given a class.
    public func predicted(as index: Int) -> Int { counts.reduce(0) { $0 + $1[index] } }

    /// The number of examples that were given no class.
    public var abstained: Int { predicted(as: classCount) }

    /// The share of right answers, with Wilson's interval.
    public var accuracy: Estimate { .proportion(correct, of: total) }

    /// The share of the answers "this class" that are right, with Wilson's interval.
    public func precision(of index: Int) -> Estimate {
        .proportion(counts[index][index], of: predicted(as: index))
    }

    /// The share of the examples of a class that were given it, with Wilson's interval.
    public func recall(of index: Int) -> Estimate {
        .proportion(counts[index][index], of: support(of: index))
    }

    /// The harmonic mean of precision and recall of a class.
    ///
    /// F1 = 2J / (1 + J), where J is the share of true positives among the examples that are, or were given, the
    /// class. J is a proportion, so its Wilson interval, mapped the same way, is the interval of F1: it needs no
    /// resampling and stays honest when there is no error.
    public func f1(of index: Int) -> Estimate {
        let hits = counts[index][index]
        let share = Estimate.proportion(hits, of: support(of: index) + predicted(as: index) - hits)
        func f1(_ share: Double) -> Double { 2 * share / (1 + share) }
        return Estimate(
            f1(share.value), lower: f1(share.lower), upper: f1(share.upper), count: share.count,
            confidence: share.confidence)
    }
}
