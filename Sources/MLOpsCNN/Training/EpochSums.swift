/// What the steps of an epoch have come to, while it is not yet done.
package struct EpochSums: Sendable, Hashable, Codable {
    /// The steps done.
    package var steps = 0
    /// The sum of the losses of the examples seen.
    package var loss = 0.0
    /// How many of them were told right.
    package var correct = 0
    /// The classes that were seen in the first epoch, in ascending order.
    package var classes: [Int] = []

    /// Adds a step.
    mutating func add(loss: Double, correct: Int, labels: [Int], isFirstEpoch: Bool) {
        steps += 1
        self.loss += loss * Double(labels.count)
        self.correct += correct
        if isFirstEpoch { classes = Set(classes).union(labels).sorted() }
    }
}
