/// A wrong answer, to be looked at.
public struct Mistake: Sendable, Hashable, Codable {
    /// The id of the example.
    public var id: String
    /// The name of the true class.
    public var truth: String
    /// The name of the class it was given; `nil` for an abstention.
    public var predicted: String?
    /// The probability of the given class; of the most probable one for an abstention; `nil` when not known.
    public var probability: Double?
    /// The probability of the true class; `nil` when not known.
    public var truthProbability: Double?
    /// What the example belongs to.
    public var slices: [String: String]

    /// The wrong answers, those that found the truth least probable first; a wrong label is often among them.
    ///
    /// - Parameters:
    ///   - classes: the name of each class.
    ///   - limit: how many to keep.
    static func worst(_ outcomes: [ClassificationOutcome], classes: [String], limit: Int) -> [Mistake] {
        let mistakes = outcomes.filter { !$0.isCorrect }.map { outcome in
            let index = outcome.predicted ?? outcome.probabilities.firstIndex(of: outcome.probabilities.max() ?? 0)
            func probability(_ index: Int?) -> Double? {
                index.flatMap { outcome.probabilities.indices.contains($0) ? outcome.probabilities[$0] : nil }
            }
            return Mistake(
                id: outcome.id, truth: classes[outcome.truth], predicted: outcome.predicted.map { classes[$0] },
                probability: probability(index), truthProbability: probability(outcome.truth), slices: outcome.slices)
        }
        let sorted = mistakes.sorted { ($0.truthProbability ?? 2, $0.id) < ($1.truthProbability ?? 2, $1.id) }
        return Array(sorted.prefix(max(0, limit)))
    }
}
