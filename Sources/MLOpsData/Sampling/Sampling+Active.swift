internal import MLOpsCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension Sampling {
    /// How unsure a model is of an example.
    ///
    /// Source: B. Settles, "Active learning literature survey", 2009, section 3.1.
    public enum Uncertainty: String, Sendable, Hashable, Codable, CaseIterable {
        /// One less the probability of the most probable class.
        case leastConfidence
        /// One less the difference of the two most probable classes.
        case margin
        /// The entropy, in nats.
        case entropy

        /// The measure of one example's probabilities; larger for a less sure one.
        public func measure(_ probabilities: [Double]) -> Double {
            switch self {
            case .leastConfidence: return 1 - (probabilities.max() ?? 0)
            case .margin:
                let sorted = probabilities.sorted(by: >)
                return 1 - ((sorted.first ?? 0) - (sorted.dropFirst().first ?? 0))
            case .entropy: return probabilities.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
            }
        }
    }

    /// The examples that a model is least sure of: those to label next.
    ///
    /// - Parameter probabilities: the probability of each class, [n, K].
    /// - Returns: their places, the least sure first.
    /// - Throws: ``MLOpsError`` with `invalidArgument` for fewer than 1, `insufficientData` for more than there are.
    public static func uncertain(
        _ probabilities: [[Double]], count: Int, by uncertainty: Uncertainty = .margin
    ) throws -> [Int] {
        try require(count, of: probabilities.count)
        let measures = probabilities.map(uncertainty.measure)
        return Array(measures.indices.sorted { (measures[$1], $0) < (measures[$0], $1) }.prefix(count))
    }

    /// Examples that cover all others: each next one is the farthest from those chosen so far.
    ///
    /// No other choice of as many has a largest distance of less than half of this one's. Takes count × n × d steps.
    /// Source: T. Gonzalez, "Clustering to minimize the maximum intercluster distance", 1985; for active learning
    /// O. Sener, S. Savarese, "Active learning for convolutional neural networks: a core-set approach", ICLR 2018.
    ///
    /// - Parameters:
    ///   - features: numbers that describe each example, [n, d].
    ///   - labeled: the places of examples that are chosen already, such as those that have labels.
    ///   - seed: draws the first one when there are none.
    /// - Returns: the places of `count` others, in the order of the choice.
    /// - Throws: ``MLOpsError`` with `invalidArgument` for fewer than 1, features of different lengths or places out of
    ///   range; `insufficientData` for more than there are.
    public static func diverse(
        _ features: [[Double]], count: Int, labeled: [Int] = [], seed: UInt64
    ) throws -> [Int] {
        let taken = Set(labeled)
        guard taken.allSatisfy(features.indices.contains), Set(features.map(\.count)).count <= 1 else {
            throw MLOpsError(
                .invalidArgument, "The features or the labeled places don't fit \(features.count) examples.",
                help: "Give as many features for each example, and places among them.")
        }
        try require(count, of: features.count - taken.count)
        var distances = [Double](repeating: .infinity, count: features.count)
        func choose(_ place: Int) {
            for other in features.indices where distances[other] > 0 {
                var sum = 0.0
                for (a, b) in zip(features[place], features[other]) { sum += (a - b) * (a - b) }
                distances[other] = min(distances[other], sum)
            }
            // Below every distance, so that one that is chosen is not chosen again among equal ones.
            distances[place] = -1
        }
        for place in taken.sorted() { choose(place) }
        var chosen: [Int] = []
        if taken.isEmpty {
            var chance = SeededGenerator(seed: seed)
            chosen.append(chance.integer(below: features.count))
            choose(chosen[0])
        }
        while chosen.count < count {
            let place = distances.indices.reduce(0) { distances[$1] > distances[$0] ? $1 : $0 }
            chosen.append(place)
            choose(place)
        }
        return chosen
    }
}
