internal import Foundation
internal import MLOpsCore
public import MLOpsData

/// A baseline: each class is the mean of its examples, and an example is given the class whose mean is nearest.
///
/// What it reaches without any tuning is what a greater model must beat. It is also the smallest ``Trainer`` to read.
/// Source: T. Hastie et al., "The Elements of Statistical Learning", 2nd ed., § 4.3, with equal spherical covariances.
public struct NearestCentroidTrainer: Trainer, Hashable {
    /// The number of classes.
    public var classCount: Int

    /// Makes a trainer.
    public init(classCount: Int) { self.classCount = classCount }

    /// Learns the means in one epoch.
    public func train(
        on training: any Dataset<LabeledVector>, validatingOn validation: any Dataset<LabeledVector>,
        reporting report: @Sendable (TrainingEvent) async throws -> Void
    ) async throws -> TrainedModel<NearestCentroidModel> {
        guard training.count > 0, classCount >= 1 else {
            throw MLOpsError(
                .insufficientData, "\(training.count) examples of \(classCount) classes can't be learned from.",
                help: "Give at least one example and one class.")
        }
        var sums: [[Double]] = Array(repeating: [], count: classCount)
        var counts = [Int](repeating: 0, count: classCount)
        var width: Int?
        for index in 0..<training.count {
            try Task.checkCancellation()
            let example = try await training.example(at: index)
            try check(example, width: width)
            width = example.features.count
            if sums[example.label].isEmpty { sums[example.label] = Array(repeating: 0, count: example.features.count) }
            for (column, feature) in example.features.enumerated() { sums[example.label][column] += feature }
            counts[example.label] += 1
        }
        let model = NearestCentroidModel(
            centroids: zip(sums, counts).map { sum, count in count > 0 ? sum.map { $0 / Double(count) } : nil })
        var values = ["accuracy": try await accuracy(of: model, on: training)]
        if validation.count > 0 { values["validation.accuracy"] = try await accuracy(of: model, on: validation) }
        let metrics = EpochMetrics(epoch: 0, values: values)
        try await report(.epoch(metrics))
        try Task.checkCancellation()
        return TrainedModel(model, history: [metrics], bestEpoch: 0)
    }

    private func check(_ example: LabeledVector, width: Int?) throws {
        guard example.features.allSatisfy(\.isFinite) else {
            throw MLOpsError(
                .diverged, "Example '\(example.id)' has a feature that is not finite.",
                help: "Leave the example out, or fill in its features.")
        }
        guard 0..<classCount ~= example.label, width == nil || width == example.features.count else {
            throw MLOpsError(
                .invalidArgument,
                "Example '\(example.id)' has the class \(example.label) and \(example.features.count) features.",
                help: "Give classes in 0 ..< \(classCount), and as many features for each example.")
        }
    }

    private func accuracy(of model: NearestCentroidModel, on dataset: any Dataset<LabeledVector>) async throws -> Double
    {
        var correct = 0
        for index in 0..<dataset.count {
            try Task.checkCancellation()
            let example = try await dataset.example(at: index)
            if try ClassificationOutcome(
                id: example.id, truth: example.label, probabilities: model.probabilities(of: example.features)
            ).isCorrect {
                correct += 1
            }
        }
        return Double(correct) / Double(dataset.count)
    }
}

/// The means of the classes.
public struct NearestCentroidModel: Sendable, Hashable, Codable {
    /// The mean of each class; `nil` for a class without examples, which is never given.
    public var centroids: [[Double]?]

    /// Makes a model of its means.
    public init(centroids: [[Double]?]) { self.centroids = centroids }

    /// The probability of each class, in proportion to exp(−d² / 2), where d is the distance from the class's mean.
    ///
    /// - Throws: ``MLOpsCore/MLOpsError`` with `invalidArgument` when the number of features is not the means'.
    public func probabilities(of features: [Double]) throws -> [Double] {
        let distances = try centroids.map { centroid -> Double in
            guard let centroid else { return .infinity }
            guard centroid.count == features.count else {
                throw MLOpsError(
                    .invalidArgument, "\(features.count) features were given to a model of \(centroid.count).",
                    help: "Give the features that it was trained on.")
            }
            return zip(features, centroid).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
        let nearest = distances.min() ?? 0
        let weights = distances.map { $0.isFinite ? exp((nearest - $0) / 2) : 0 }
        let total = weights.reduce(0, +)
        return total > 0 ? weights.map { $0 / total } : weights
    }
}
