/// The scores that follow from a confusion matrix, as plain numbers.
public struct ClassificationScores: Sendable, Hashable {
    /// Precision, recall and F score of one class, or an average of them over the classes.
    public struct Scores: Sendable, Hashable {
        /// The share of the answers that are right.
        public var precision: Double
        /// The share of the examples that were found.
        public var recall: Double
        /// The weighted harmonic mean of both.
        public var fScore: Double
    }

    /// The share of right answers.
    public var accuracy: Double
    /// The mean recall of the classes that have examples.
    public var balancedAccuracy: Double
    /// Matthews' correlation coefficient for any number of classes, −1…1; 0 when it has no denominator.
    ///
    /// Source: J. Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient", 2004.
    public var matthewsCorrelation: Double
    /// Cohen's κ: the agreement beyond chance.
    public var cohenKappa: Double
    /// The scores of each class.
    public var classes: [Scores]
    /// The mean over the classes.
    public var macro: Scores
    /// The scores of all classes counted together.
    public var micro: Scores
    /// The mean over the classes, weighted by their number of examples.
    public var weighted: Scores
}

extension ConfusionMatrix {
    /// The scores, defined as scikit-learn defines them.
    ///
    /// - Parameters:
    ///   - beta: how much more recall weighs than precision in the F score.
    ///   - zeroDivision: what a score without a denominator is.
    public func scores(beta: Double = 1, zeroDivision: ZeroDivision = .zero) -> ClassificationScores {
        ClassificationScores(counts.map { $0.map(Double.init) }, beta: beta, zeroDivision: zeroDivision)
    }
}

extension ClassificationScores {
    /// The scores of a matrix [K, K + 1] of counts, which need not be whole.
    init(_ matrix: [[Double]], beta: Double = 1, zeroDivision: ZeroDivision = .zero) {
        let classCount = matrix.count
        let support = matrix.map { $0.reduce(0, +) }
        let answers = (0...classCount).map { column in matrix.reduce(0) { $0 + $1[column] } }
        let hits = matrix.indices.map { matrix[$0][$0] }
        let total = support.reduce(0, +)
        let correct = hits.reduce(0, +)
        let square = beta * beta

        func score(_ hits: Double, _ support: Double, _ answers: Double) -> Scores {
            Scores(
                precision: zeroDivision.divide(hits, by: answers), recall: zeroDivision.divide(hits, by: support),
                fScore: zeroDivision.divide((1 + square) * hits, by: square * support + answers))
        }
        let perClass = matrix.indices.map { score(hits[$0], support[$0], answers[$0]) }
        func average(_ weights: [Double], _ part: KeyPath<Scores, Double>) -> Double {
            let known = zip(weights, perClass.map { $0[keyPath: part] }).filter { !$0.1.isNaN }
            let weight = known.reduce(0) { $0 + $1.0 }
            // Where all weights are 0, the plain mean.
            return weight > 0
                ? known.reduce(0) { $0 + $1.0 * $1.1 } / weight
                : zeroDivision.divide(known.reduce(0) { $0 + $1.1 }, by: Double(known.count))
        }
        func averages(_ weights: [Double]) -> Scores {
            Scores(
                precision: average(weights, \.precision), recall: average(weights, \.recall),
                fScore: average(weights, \.fScore))
        }

        classes = perClass
        macro = averages([Double](repeating: 1, count: classCount))
        weighted = averages(support)
        micro = score(correct, total, answers.dropLast().reduce(0, +))
        accuracy = zeroDivision.divide(correct, by: total)
        let present = matrix.indices.filter { support[$0] > 0 }
        balancedAccuracy = zeroDivision.divide(
            present.reduce(0) { $0 + hits[$1] / support[$1] }, by: Double(present.count))

        let agreement = matrix.indices.reduce(0) { $0 + support[$1] * answers[$1] }
        let spread =
            (total * total - answers.reduce(0) { $0 + $1 * $1 }) * (total * total - support.reduce(0) { $0 + $1 * $1 })
        matthewsCorrelation = spread > 0 ? (correct * total - agreement) / spread.squareRoot() : 0
        cohenKappa = zeroDivision.divide(correct * total - agreement, by: total * total - agreement)
    }
}
