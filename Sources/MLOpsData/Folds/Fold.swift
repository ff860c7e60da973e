/// One turn of a cross-validation: which examples are learned from, and which are judged by.
public struct Fold: Sendable, Hashable, Codable {
    /// The places of the examples to learn from, in ascending order.
    public var training: [Int]
    /// The places of the examples to judge by, in ascending order.
    public var test: [Int]

    /// Makes a fold.
    public init(training: [Int], test: [Int]) {
        self.training = training
        self.test = test
    }

    /// The folds of examples that are each judged in one of them.
    ///
    /// - Parameter turns: the fold in which each example is judged, 0 ..< count.
    static func folds(_ turns: [Int], count: Int) -> [Fold] {
        (0..<count).map { turn in
            Fold(
                training: turns.indices.filter { turns[$0] != turn }, test: turns.indices.filter { turns[$0] == turn })
        }
    }
}
