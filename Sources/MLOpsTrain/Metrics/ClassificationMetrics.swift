public import MLOpsCore

/// The metrics of a classifier, by name, each with its interval.
///
/// | name | what | interval |
/// | --- | --- | --- |
/// | `accuracy` | share of right answers | Wilson |
/// | `precision.CLASS`, `recall.CLASS` | of one class | Wilson |
/// | `f1.CLASS` | of one class | Wilson, see ``ConfusionMatrix/f1(of:)`` |
/// | `precision.macro`, `recall.macro`, `f1.macro`, `f1.weighted`, `mcc` | over the classes | bootstrap, BCa |
/// | `abstention` | share of abstentions | Wilson |
/// | `logLoss`, `brier` | of the probabilities | normal |
/// | `ece` | expected calibration error | bootstrap, percentile |
/// | `rocAUC` | of class 1, with two classes | DeLong |
public enum ClassificationMetrics {
    /// Computes the metrics; those of probabilities only when every outcome has them.
    ///
    /// - Parameters:
    ///   - outcomes: what was said and what was true.
    ///   - classes: the name of each class.
    ///   - bootstrap: how intervals without a formula are found.
    /// - Throws: ``MLOpsCore/MLOpsError`` with `insufficientData` without outcomes, `invalidArgument` when a class or
    ///   the number of probabilities does not fit.
    public static func all(
        _ outcomes: [ClassificationOutcome], classes: [String], bootstrap: Bootstrap = .standard
    ) throws -> [Metric] {
        guard !outcomes.isEmpty else {
            throw MLOpsError(
                .insufficientData, "There is no outcome to measure.", help: "Test on at least one example.")
        }
        let matrix = try ConfusionMatrix(classCount: classes.count, outcomes)
        var metrics = [Metric("accuracy", matrix.accuracy)]
        for (index, name) in classes.enumerated() {
            metrics += [
                Metric("precision.\(name)", matrix.precision(of: index)),
                Metric("recall.\(name)", matrix.recall(of: index)), Metric("f1.\(name)", matrix.f1(of: index)),
            ]
        }
        metrics += averages(of: matrix, bootstrap: bootstrap)
        metrics.append(Metric("abstention", .proportion(matrix.abstained, of: matrix.total)))
        return metrics + (try ofProbabilities(outcomes, classCount: classes.count, bootstrap: bootstrap))
    }

    /// The metrics over the classes, with bootstrap intervals.
    ///
    /// Where no drawn sample differs, as when there is no error, the ends are the values at the ends of the interval of
    /// accuracy: there the matrix has as many errors, or as few, as the sample still allows.
    static func averages(of matrix: ConfusionMatrix, bootstrap: Bootstrap) -> [Metric] {
        func values(_ scores: ClassificationScores) -> [Double] {
            [
                scores.macro.precision, scores.macro.recall, scores.macro.fScore, scores.weighted.fScore,
                scores.matthewsCorrelation,
            ]
        }
        let names = ["precision.macro", "recall.macro", "f1.macro", "f1.weighted", "mcc"]
        let width = matrix.classCount + 1
        let accuracy = matrix.accuracy
        let limits = [accuracy.lower, accuracy.upper].map { values(ClassificationScores(matrix.moved(to: $0))) }
        let estimates = bootstrap.estimates(ofCounts: matrix.counts.flatMap(\.self)) { cells in
            values(
                ClassificationScores(
                    matrix.counts.indices.map { row in (0..<width).map { Double(cells[row * width + $0]) } }))
        }
        return zip(names, estimates).enumerated().map { index, pair in
            var estimate = pair.1
            if estimate.lower == estimate.upper {
                estimate.lower = min(estimate.value, limits[0][index])
                estimate.upper = max(estimate.value, limits[1][index])
            }
            return Metric(pair.0, estimate)
        }
    }

    private static func ofProbabilities(
        _ outcomes: [ClassificationOutcome], classCount: Int, bootstrap: Bootstrap
    ) throws -> [Metric] {
        guard outcomes.allSatisfy({ !$0.probabilities.isEmpty }) else { return [] }
        guard let odd = outcomes.first(where: { $0.probabilities.count != classCount }) else {
            var metrics = [
                Metric("logLoss", try ProbabilityScores.logLoss(outcomes)),
                Metric("brier", try ProbabilityScores.brier(outcomes)),
                Metric("ece", ProbabilityScores.expectedCalibrationError(outcomes, bootstrap: bootstrap)),
            ]
            if classCount == 2, Set(outcomes.map(\.truth)).count == 2 {
                metrics.append(Metric("rocAUC", try ROC.area(of: 1, outcomes)))
            }
            return metrics
        }
        throw MLOpsError(
            .invalidArgument,
            "Example '\(odd.id)' has \(odd.probabilities.count) probabilities for \(classCount) classes.",
            help: "Give one probability for each class.")
    }
}

extension ConfusionMatrix {
    /// The matrix with each row's errors scaled so that the accuracy is as given; [classCount, classCount + 1].
    fileprivate func moved(to accuracy: Double) -> [[Double]] {
        let now = self.accuracy.value
        return counts.enumerated().map { row, cells in
            let support = Double(self.support(of: row))
            let wrong = support - Double(cells[row])
            // Each row's share of right answers moves by the same part of the way to 0 or 1.
            let own = support > 0 ? Double(cells[row]) / support : 0
            let right =
                accuracy <= now
                ? own * (now > 0 ? accuracy / now : 1) : own + (1 - own) * (accuracy - now) / max(1 - now, .ulpOfOne)
            return cells.enumerated().map { column, count in
                if column == row { return support * right }
                if wrong > 0 { return support * (1 - right) * Double(count) / wrong }
                guard classCount > 1 else { return column == classCount ? support * (1 - right) : 0 }
                return column == classCount ? 0 : support * (1 - right) / Double(classCount - 1)
            }
        }
    }
}
