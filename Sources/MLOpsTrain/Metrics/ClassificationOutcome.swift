/// What a classifier said about one example, and what was true.
public struct ClassificationOutcome: Sendable, Hashable, Codable {
    /// The id of the example, unique in its dataset.
    public var id: String
    /// The index of the true class.
    public var truth: Int
    /// The index of the class it gave; `nil` when it abstained.
    public var predicted: Int?
    /// The probability of each class; empty when the classifier gives none.
    public var probabilities: [Double]
    /// What the example belongs to, such as `camera: north-gate`.
    public var slices: [String: String]

    /// Makes an outcome.
    public init(
        id: String, truth: Int, predicted: Int?, probabilities: [Double] = [], slices: [String: String] = [:]
    ) {
        self.id = id
        self.truth = truth
        self.predicted = predicted
        self.probabilities = probabilities
        self.slices = slices
    }

    /// Makes an outcome of probabilities: the most probable class, or an abstention when it is below the threshold.
    ///
    /// The first of equally probable classes counts.
    public init(
        id: String, truth: Int, probabilities: [Double], threshold: Double = 0, slices: [String: String] = [:]
    ) {
        let best = probabilities.indices.max {
            probabilities[$0] < probabilities[$1] || $0 > $1 && probabilities[$0] == probabilities[$1]
        }
        let answer = best.flatMap { probabilities[$0] >= threshold ? $0 : nil }
        self.init(id: id, truth: truth, predicted: answer, probabilities: probabilities, slices: slices)
    }

    /// Whether the answer is the truth; an abstention is not.
    public var isCorrect: Bool { predicted == truth }
}
