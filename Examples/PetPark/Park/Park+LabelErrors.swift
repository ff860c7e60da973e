import Foundation
import MLOps
import MLOpsCNN
import MLOpsTensor

/// What came of a search for wrong labels.
struct LabelErrorSummary: Codable, CustomStringConvertible {
    var dataset: Digest
    var pictures: Int
    var planted: Int
    /// The share of labels, as they were before planting, that the networks agree with.
    var accuracy: Estimate
    /// How many of the planted are among as many of the most suspicious labels.
    var plantedInTop: Estimate
    /// How many labels are probably wrong by confident learning.
    var issues: Int
    /// How many of the planted are among those.
    var plantedInIssues: Estimate
    /// The most suspicious labels that were not planted, for a person to judge.
    var suspects: [String]
    var review: String
    var page: String
    var seconds: Double

    var description: String {
        """
        \(pictures) pictures, \(planted) labels made wrong, judged out of fold in \(decimal(seconds)) s.
          the networks agree with the original labels: \(accuracy)
          planted among the \(planted) most suspicious: \(plantedInTop)
          probably wrong by confident learning: \(issues); planted among them: \(plantedInIssues)
          most suspicious of those that were not planted: \(suspects.prefix(10).joined(separator: ", "))
          to review: \(review), to look at: \(page)
        """
    }
}

/// The parts of one fold: what is learned from, and what is judged.
private struct FoldRule: SplitRule {
    var fold: Fold
    let gate = LeakageGate()
    let shares: [SplitPart: Double] = [.train: 1, .test: 1]

    func parts(of entries: [DatasetEntry]) -> [SplitPart?] {
        var parts = [SplitPart?](repeating: nil, count: entries.count)
        for place in fold.training { parts[place] = .train }
        for place in fold.test { parts[place] = .test }
        return parts
    }
}

extension Park {
    /// Makes a share of the labels wrong, and looks for wrong labels by networks that did not learn from them.
    func labelErrors(planted share: Double, folds count: Int, epochs: Int, side: Int) async throws -> LabelErrorSummary
    {
        guard let dataset = settings.dataset else { throw missing("dataset", step: "ingest") }
        let start = ContinuousClock.now
        let original = try datasets.version(dataset)
        let (version, planted) = try plant(share, in: original)
        var probabilities = [[Double]](repeating: [], count: version.entries.count)
        let folds = try version.folds(FoldPlan(count, seed: settings.seed), group: .content)
        for (number, fold) in folds.enumerated() {
            let found = try await judge(fold, of: version, epochs: epochs, side: side, "fold \(number + 1) of \(count)")
            for (place, row) in zip(fold.test, found) { probabilities[place] = row }
        }
        let labels = version.entries.map { version.index(of: $0.label ?? "") ?? 0 }
        let top = try ConfidentLearning.ranking(labels: labels, probabilities: probabilities).prefix(planted.count)
        let result = try ConfidentLearning().issues(labels: labels, probabilities: probabilities)
        let agreeing = zip(original.entries, probabilities).count { entry, row in
            row.indices.max { row[$0] < row[$1] }.map { version.labels[$0] } == entry.label
        }
        let review = try LabelReview(result.issues, of: version, entries: version.entries)
        let url = try write(report: CanonicalJSON.encodePretty(review), named: "label-review.json")
        let report = try await DataReport(
            of: version, in: datasets, probabilities: probabilities, progress: progress)
        let page = try write(report: Data(report.page.html.utf8), named: "labels.html")
        return LabelErrorSummary(
            dataset: version.digest, pictures: version.entries.count, planted: planted.count,
            accuracy: .proportion(agreeing, of: version.entries.count),
            plantedInTop: .proportion(top.count { planted.contains($0) }, of: planted.count),
            issues: result.issues.count,
            plantedInIssues: .proportion(result.issues.count { planted.contains($0.index) }, of: planted.count),
            suspects: result.issues.lazy.filter { !planted.contains($0.index) }.prefix(50)
                .map { version.entries[$0.index].id },
            review: url.path, page: page.path, seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    /// The version with a share of the labels replaced by the next class, and the places of those.
    private func plant(_ share: Double, in version: DatasetVersion) throws -> (DatasetVersion, Set<Int>) {
        var entries = version.entries
        var chance = SeededGenerator(seed: settings.seed, 3)
        let count = Int((share * Double(entries.count)).rounded())
        let places = Set(chance.shuffled(Array(entries.indices)).prefix(count))
        for place in places {
            guard let label = entries[place].label, let index = version.index(of: label) else { continue }
            entries[place].label = version.labels[(index + 1) % version.labels.count]
        }
        return (try DatasetVersion(entries: entries, rejected: version.rejected), places)
    }

    /// Trains on one side of a fold, and gives the probability of each class for the pictures of the other.
    private func judge(
        _ fold: Fold, of version: DatasetVersion, epochs: Int, side: Int, _ activity: String
    ) async throws -> [[Double]] {
        let split = try FoldRule(fold: fold)(version)
        let preprocessing = try ImagePreprocessing(width: side, height: side)
        let training = try await split.training(from: datasets, preprocessing: preprocessing)
        let test = try await split.test(from: datasets, preprocessing: preprocessing)
        // Averaged weights and soft targets learn fewer of the wrong labels by heart.
        let stage = TrainingStage(
            side: side, trainingScale: 0.8, epochs: epochs, recipe: Recipe(learningRate: 0.06, labelSmoothing: 0.1),
            averaging: 0.998)
        var trainer = try stage.trainer(settings, labels: version.labels)
        trainer.threads = threads
        let progress = progress
        let none = DatasetPrefix(test, limit: 0)
        let trained = try await trainer.train(on: training, validatingOn: none) { event in
            guard case .step(let epoch, let completed, let total, let loss) = event else { return }
            progress.report(
                ProgressUpdate(
                    activity, completed: epoch * total + completed, total: epochs * total,
                    remark: "loss \(String(format: "%.3f", loss))"))
        }
        var rows: [[Double]] = []
        let compute = Compute(threads: threads)
        for place in stride(from: 0, to: test.count, by: 256) {
            var images: [Image] = []
            for index in place..<min(place + 256, test.count) { images.append(try await test.example(at: index).image) }
            // A picture and its mirror image are the same animal; their mean is surer than either.
            let straight = try trained.model.predict(images, compute: compute)
            let mirrored = try trained.model.predict(images.map { $0.flippedHorizontally() }, compute: compute)
            rows += zip(straight, mirrored).map { zip(softmax($0), softmax($1)).map { ($0 + $1) / 2 } }
        }
        return rows
    }

    private func softmax(_ logits: [Float]) -> [Double] {
        let highest = logits.max() ?? 0
        let powers = logits.map { exp(Double($0 - highest)) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}
