import Foundation
import MLOpsCNN
import MLOpsCore

/// What a park was set up with, and which candidate and data it is working on: `park.json` in its folder.
struct ParkSettings: Codable, Equatable {
    /// The folder of photographs with one sub-folder per class; `nil` when the pictures are drawn.
    var photos: String?
    /// How many pictures are drawn.
    var pictures = 6_000
    var seed: UInt64 = 2026
    /// Pixels across and down, as the network sees a picture.
    var side = 64
    var epochs = 6
    /// Trials of the hyperparameter search.
    var trials = 3
    /// Multiplies the channels of the network.
    var networkWidth = 0.5
    /// The share of photographs that only the camera sees.
    var liveShare = 0.08
    /// The share of pictures that recipes and epochs are chosen by; 20 % more are kept for the test.
    var validationShare = 0.08
    /// The accuracy on the test split that a version must reach.
    var requiredAccuracy = 0.85
    /// The most that predictions may lean to one class.
    var biasLimit = 0.30

    /// The dataset version in use.
    var dataset: Digest?
    /// The package that was trained last.
    var candidate: Digest?
    /// The run that trained it.
    var run: String?
    /// The fault that was injected into the camera's stream.
    var fault: CameraFault?

    /// The recipe for real photographs: a wider network and more epochs.
    static func photographs(_ folder: String) -> ParkSettings {
        var settings = ParkSettings(photos: folder)
        settings.epochs = 12
        settings.networkWidth = 1
        return settings
    }

    /// The recipe for the best accuracy: all photographs but the test's, small pictures first, then larger ones.
    ///
    /// Most of what small pictures teach holds for larger ones, at less than half the time of each.
    static func accuracy(_ folder: String) -> (ParkSettings, stages: [TrainingStage]) {
        var settings = ParkSettings.photographs(folder)
        settings.liveShare = 0
        settings.validationShare = 0.03
        settings.side = 96
        settings.requiredAccuracy = 0.97
        func recipe(_ rate: Double) -> Recipe { Recipe(learningRate: rate, labelSmoothing: 0.1) }
        // The second stage goes on where the first one's rate ends. The last one sees each photograph often enough to
        // learn it by heart, were it not mixed with others and in parts erased.
        return (
            settings,
            [
                TrainingStage(
                    side: 48, epochs: 8, recipe: recipe(0.06), averaging: 0.998,
                    schedule: .cosine(peak: 0.06, warmUp: 0.2, floor: 0.03)),
                TrainingStage(
                    side: 64, epochs: 6, recipe: recipe(0.03), averaging: 0.998,
                    schedule: .cosine(peak: 0.03, warmUp: 0)),
                TrainingStage(
                    side: 96, epochs: 18, recipe: recipe(0.04), averaging: 0.999,
                    schedule: .cosine(peak: 0.04, warmUp: 0.1), mixup: 0.2, erasing: 0.4),
            ]
        )
    }
}
