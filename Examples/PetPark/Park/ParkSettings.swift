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
    /// The halvings of a picture in the network, and one.
    var networkStages = 4
    /// The share of photographs that only the camera sees.
    var liveShare = 0.08
    /// The share of pictures that recipes and epochs are chosen by; 20 % more are kept for the test.
    var validationShare = 0.08
    /// The accuracy on the test split that a version must reach.
    var requiredAccuracy = 0.85
    /// The most that predictions may lean to one class.
    var biasLimit = 0.30

    /// Whether a demo made the park, so that the next may begin anew.
    var isDemo: Bool?
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
    /// Most of what small pictures teach holds for larger ones, at less than half the time of each. Every stage learns
    /// from crops at four fifths of the side that it is judged at, so that things have the same size in both.
    static func accuracy(_ folder: String) -> (ParkSettings, stages: [TrainingStage]) {
        var settings = ParkSettings.photographs(folder)
        settings.liveShare = 0
        settings.validationShare = 0.03
        settings.side = 160
        settings.networkStages = 5
        settings.requiredAccuracy = 0.97
        func stage(
            _ side: Int, epochs: Int, from peak: Double, to floor: Double, warmUp: Double = 0, averaging: Double,
            mixup: Double? = nil, erasing: Double = 0
        ) -> TrainingStage {
            TrainingStage(
                side: side, trainingScale: 0.8, epochs: epochs, recipe: Recipe(learningRate: peak, labelSmoothing: 0.1),
                averaging: averaging, schedule: .cosine(peak: peak, warmUp: warmUp, floor: floor), mixup: mixup,
                erasing: erasing)
        }
        // What is seen often enough to be learned by heart is mixed with others and in parts erased; the last stage
        // sees pictures as they are.
        return (
            settings,
            [
                stage(60, epochs: 8, from: 0.06, to: 0.03, warmUp: 0.2, averaging: 0.998),
                stage(80, epochs: 6, from: 0.03, to: 0, averaging: 0.998),
                stage(120, epochs: 14, from: 0.04, to: 0.015, warmUp: 0.1, averaging: 0.999, mixup: 0.2, erasing: 0.4),
                stage(160, epochs: 7, from: 0.015, to: 0, averaging: 0.999, erasing: 0.25),
            ]
        )
    }
}
