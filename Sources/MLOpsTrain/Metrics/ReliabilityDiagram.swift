public import MLOpsCore

/// How often a classifier is right when it says that it is that sure.
///
/// Source: C. Guo et al., "On calibration of modern neural networks", ICML 2017.
public struct ReliabilityDiagram: Sendable, Hashable, Codable {
    /// The outcomes whose confidence lies in one range.
    public struct Bin: Sendable, Hashable, Codable {
        /// The range's end that is outside of it.
        public var lower: Double
        /// The range's end that is in it.
        public var upper: Double
        /// The number of outcomes.
        public var count: Int
        /// The mean confidence; 0 without outcomes.
        public var confidence: Double
        /// The share of right answers.
        public var accuracy: Estimate
    }

    /// The ranges, of equal width, from 0 to 1.
    public let bins: [Bin]

    /// Sorts outcomes by the probability of their most probable class; outcomes without probabilities are left out.
    ///
    /// - Parameter binCount: the number of ranges, 1 to 1000.
    public init(_ outcomes: some Sequence<ClassificationOutcome>, binCount: Int = 15) {
        let binCount = min(max(binCount, 1), 1000)
        var tallies = [(count: Int, sum: Double, correct: Int)](repeating: (0, 0, 0), count: binCount)
        for pair in outcomes.compactMap(\.confidence) {
            let bin = Self.bin(of: pair.probability, binCount)
            tallies[bin].count += 1
            tallies[bin].sum += pair.probability
            tallies[bin].correct += pair.isCorrect ? 1 : 0
        }
        bins = tallies.enumerated().map { index, tally in
            Bin(
                lower: Double(index) / Double(binCount), upper: Double(index + 1) / Double(binCount),
                count: tally.count,
                confidence: tally.count > 0 ? tally.sum / Double(tally.count) : 0,
                accuracy: .proportion(tally.correct, of: tally.count))
        }
    }

    /// The expected calibration error: the gap between confidence and accuracy, averaged over the outcomes.
    public var expectedCalibrationError: Double {
        let total = bins.reduce(0) { $0 + $1.count }
        guard total > 0 else { return 0 }
        return bins.reduce(0) { $0 + Double($1.count) * abs($1.accuracy.value - $1.confidence) } / Double(total)
    }

    /// The range that a probability lies in; ranges hold their upper end, as (lower, upper].
    static func bin(of probability: Double, _ binCount: Int) -> Int {
        min(max(Int((probability * Double(binCount)).rounded(.up)) - 1, 0), binCount - 1)
    }
}

extension ClassificationOutcome {
    /// The probability of the most probable class, and whether that class is the truth; `nil` without probabilities.
    var confidence: (probability: Double, isCorrect: Bool)? {
        guard let best = probabilities.max(), best.isFinite else { return nil }
        return (best, probabilities.firstIndex(of: best) == truth)
    }
}
