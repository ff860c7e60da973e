package import Foundation
internal import MLOpsCore
internal import MLOpsTensor
package import MLOpsTrain

/// All that changes during a training and that a later start needs to go on: what a checkpoint holds.
package final class TrainingState {
    package let network: Network
    /// What the optimizer keeps of earlier steps for each learned parameter, in the order of the network.
    package var slots: [OptimizerSlots]
    /// The moving average of every tensor of the network; empty without averaging.
    package var average: [[Float]]
    /// The steps done.
    package var step = 0
    /// What the epoch that is not done has come to.
    package var sums = EpochSums()
    /// The metrics of the epochs done.
    package var history: [EpochMetrics] = []
    /// When each of them ended, by ``seconds``.
    package var epochSeconds: [Double] = []
    /// How long the training ran so far; what it was set to counts on.
    package var seconds: Double {
        get { earlierSeconds + (ContinuousClock.now - begin) / .seconds(1) }
        set { (earlierSeconds, begin) = (newValue, ContinuousClock.now) }
    }
    private var earlierSeconds = 0.0
    private var begin = ContinuousClock.now
    /// The best epoch so far, and its tensors.
    package var bestEpoch: Int?
    package var best: [[Float]] = []
    /// The newest checkpoint that this training wrote or went on from.
    package var checkpoint: URL?
    /// What it learns from and is validated on; `nil` without checkpoints.
    package var data: (training: DataIdentity, validation: DataIdentity)?
    /// Up to where a checkpoint holds it; a training at its start needs none.
    package var savedAt = (step: 0, epochs: 0)

    package init(network: Network, _ trainer: CNNTrainer) {
        self.network = network
        slots = network.learned.map { OptimizerSlots($0.value.shape, trainer.optimizer) }
        average = trainer.averaging == nil ? [] : network.parameters.map(\.value.values)
    }

    /// The tensors that are validated and given back: the averages when there are any.
    package var current: [[Float]] { average.isEmpty ? network.parameters.map(\.value.values) : average }

    /// Notes the data of this start.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when the training began with others.
    func take(training: DataIdentity, validation: DataIdentity) throws {
        let old = data ?? (training, validation)
        for (name, old, new) in [("train", old.training, training), ("validate", old.validation, validation)]
        where !old.matches(new) {
            throw MLOpsError(
                .invalidArgument,
                "The checkpoint was written with other data to \(name) on: \(old.count) examples then, \(new.count) now.",
                help: "Resume with the data that wrote it, or train from the start.")
        }
        data = (training, validation)
    }

    /// Moves the averages towards the weights; early averages follow faster, so that the first weights are forgotten.
    package func updateAverage(keeping share: Double) {
        let keep = Float(min(share, Double(1 + step) / Double(10 + step)))
        for (i, parameter) in network.parameters.enumerated() {
            let value = parameter.value
            average[i].withUnsafeMutableBufferPointer { average in
                for j in average.indices { average[j] += (1 - keep) * (value.pointer[j] - average[j]) }
            }
        }
    }
}
