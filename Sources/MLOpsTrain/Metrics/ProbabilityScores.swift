internal import Foundation
public import MLOpsCore

/// Scores of the probabilities a classifier gives, rather than of its answers.
public enum ProbabilityScores {
    /// The mean of −log p(truth), in nats, with the interval of a mean of independent values.
    ///
    /// Probabilities are kept off 0 and 1 by 2⁻⁵², as scikit-learn does.
    ///
    /// - Throws: ``MLOpsCore/MLOpsError`` with `invalidArgument` when an outcome has not a probability for each class.
    public static func logLoss(_ outcomes: [ClassificationOutcome]) throws -> Estimate {
        let tiny = Double.ulpOfOne
        return mean(try outcomes.map { -log(min(max(try $0.probability(of: $0.truth), tiny), 1 - tiny)) })
    }

    /// The mean squared distance of the probabilities from the truth, halved for two classes, as is usual.
    ///
    /// Source: G. W. Brier, "Verification of forecasts expressed in terms of probability", 1950.
    ///
    /// - Throws: ``MLOpsCore/MLOpsError`` with `invalidArgument` when an outcome has not a probability for each class.
    public static func brier(_ outcomes: [ClassificationOutcome]) throws -> Estimate {
        mean(
            try outcomes.map { outcome in
                _ = try outcome.probability(of: outcome.truth)
                let sum = outcome.probabilities.enumerated().reduce(0.0) { sum, item in
                    let gap = item.element - (item.offset == outcome.truth ? 1 : 0)
                    return sum + gap * gap
                }
                return outcome.probabilities.count == 2 ? sum / 2 : sum
            })
    }

    /// The expected calibration error, with the interval of a bootstrap; see ``ReliabilityDiagram``.
    public static func expectedCalibrationError(
        _ outcomes: [ClassificationOutcome], binCount: Int = 15, bootstrap: Bootstrap = .standard
    ) -> Estimate {
        let pairs = outcomes.compactMap(\.confidence)
        let binCount = min(max(binCount, 1), 1000)
        let places = pairs.map { ReliabilityDiagram.bin(of: $0.probability, binCount) }
        return bootstrap.estimate(count: pairs.count) { indices in
            // n · |accuracy − confidence| of a bin is |hits − sum of the confidences|.
            var gaps = [Double](repeating: 0, count: binCount)
            for index in indices {
                gaps[places[index]] += (pairs[index].isCorrect ? 1 : 0) - pairs[index].probability
            }
            return indices.isEmpty ? 0 : gaps.reduce(0) { $0 + abs($1) } / Double(indices.count)
        }
    }

    /// The mean of independent values with its normal interval, which needs some dozens of values to hold.
    static func mean(_ values: [Double], confidence: Double = 0.95) -> Estimate {
        let count = Double(values.count)
        guard count > 0 else { return Estimate(0, lower: 0, upper: 0, count: 0, confidence: confidence) }
        let mean = values.reduce(0, +) / count
        let variance = count > 1 ? values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1) : 0
        let half = NormalDistribution.quantile((1 + confidence) / 2) * (variance / count).squareRoot()
        return Estimate(
            mean, lower: max(0, mean - half), upper: mean + half, count: values.count, confidence: confidence)
    }
}

extension ClassificationOutcome {
    /// The probability of a class; throws `invalidArgument` when there is none.
    func probability(of index: Int) throws -> Double {
        guard probabilities.indices.contains(index), probabilities.allSatisfy({ (0...1).contains($0) }) else {
            throw MLOpsError(
                .invalidArgument, "Example '\(id)' has the probabilities \(probabilities) and the class \(index).",
                help: "Give a probability in 0…1 for each class.")
        }
        return probabilities[index]
    }
}
