import Foundation
import MLOps
import MLOpsCNN

/// What the hyperparameter search chooses.
struct Recipe: Codable, Sendable, Hashable {
    var learningRate = 0.05
    var labelSmoothing = 0.05
    var weightDecay = 5e-4

    /// Sets what was chosen.
    func apply(to trainer: inout CNNTrainer) {
        trainer.optimizer = .sgd(momentum: 0.9, nesterov: true, weightDecay: weightDecay)
        trainer.schedule = .cosine(peak: learningRate, warmUp: 0.15)
        trainer.labelSmoothing = labelSmoothing
    }

    /// The values that are tried.
    static func space() throws -> SearchSpace<Recipe> {
        try SearchSpace(
            from: Recipe(),
            [
                .logUniform(\.learningRate, in: 0.02...0.12), .choice(\.labelSmoothing, [0, 0.05, 0.1]),
                .logUniform(\.weightDecay, in: 1e-4...1e-3),
            ])
    }
}

/// One training: of pictures of a size, for some epochs, by a recipe.
struct TrainingStage: Codable, Sendable, Hashable {
    /// Pixels across and down, as the network sees a picture.
    var side: Int
    /// The side of the pictures in training as a share of `side`.
    var trainingScale = 1.0
    var epochs: Int
    var recipe: Recipe
    /// The share of the moving average of the weights that stays at each step; `nil` for no average.
    var averaging: Double?
    /// The learning rate of each step; `nil` for a rise to the recipe's and a cosine down to zero.
    var schedule: LearningRateSchedule?
    /// How much pictures are mixed; `nil` to keep them apart.
    var mixup: Double?
    /// The greatest part of a picture's side that is erased.
    var erasing = 0.0

    /// The trainer for this stage.
    func trainer(_ settings: ParkSettings, labels: [String]) throws -> CNNTrainer {
        var trainer = CNNTrainer(
            network: .petNet(
                classes: labels.count, stages: settings.networkStages, width: settings.networkWidth),
            preprocessing: try ImagePreprocessing(width: side, height: side), labels: labels)
        trainer.epochs = epochs
        trainer.trainingScale = trainingScale
        // Room for 20,000 pictures of 160 × 160.
        trainer.cacheByteLimit = 3 << 29
        recipe.apply(to: &trainer)
        if let schedule { trainer.schedule = schedule }
        trainer.augmentation?.erasing = erasing
        trainer.mixup = mixup
        trainer.averaging = averaging
        // Averaged weights get better to the end; a few validation pictures would choose by chance.
        if averaging != nil { trainer.selection = .last }
        trainer.seed = settings.seed
        return trainer
    }
}

/// The first examples of a dataset: enough to compare recipes by.
struct DatasetPrefix<Example: Sendable>: Dataset {
    var base: any Dataset<Example>
    var count: Int

    init(_ base: any Dataset<Example>, limit: Int) {
        self.base = base
        count = min(limit, base.count)
    }

    /// Examples from all over the dataset, since it may be sorted by class.
    func example(at index: Int) async throws -> Example {
        try await base.example(at: index * base.count / count)
    }
}

/// A dataset in which some examples come several times, so that a few new ones weigh as much as many old ones.
struct OversampledDataset<Example: Sendable>: Dataset {
    private let base: any Dataset<Example>
    private let indices: [Int]

    init(_ base: any Dataset<Example>, repeating chosen: (Int) -> Bool, times: Int) {
        self.base = base
        indices = (0..<base.count).flatMap { Array(repeating: $0, count: chosen($0) ? times : 1) }
    }

    var count: Int { indices.count }

    func example(at index: Int) async throws -> Example { try await base.example(at: indices[index]) }
}
