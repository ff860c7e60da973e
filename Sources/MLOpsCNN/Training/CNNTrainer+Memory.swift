internal import MLOpsCore
internal import MLOpsTensor

extension CNNTrainer {
    /// The most memory, in bytes, that a training will hold: pictures, activations, gradients, weights, what the
    /// optimizer keeps, and checkpoints while they are written.
    ///
    /// One step on blank pictures finds out, in the memory that it tells of; its weights are thrown away. What the
    /// datasets' own reading and the rest of the program take comes on top.
    ///
    /// - Parameters:
    ///   - training: the number of examples to train on; 1 or more.
    ///   - validation: the number of examples to validate on.
    /// - Throws: ``MLOpsError`` with `invalidArgument` for hyperparameters or numbers that can't be used.
    public func peakMemory(training: Int, validation: Int) throws -> Int {
        try validate()
        guard training >= 1, validation >= 0 else {
            throw MLOpsError(
                .invalidArgument, "There can't be \(training) examples to train on and \(validation) to validate on.",
                help: "Give the counts of the datasets.")
        }
        let compute = Compute(threads: 1)
        let tally = MemoryTally()
        let blank = try MemoryTally.$current.withValue(tally) {
            let shape = trainingPreprocessing.inputShape
            let state = TrainingState(
                network: try Network(network, input: shape, seed: seed, frozenLayers: frozenLayers), self)
            for count in batchSizes(of: training) {
                let logits = state.network.forward(
                    state.network.input(batchSize: count), .training(seed: seed, step: 0), compute: compute)
                let gradient = state.network.logitsGradient(batchSize: count)
                gradient.copy(from: logits)
                state.network.backward(gradient, compute: compute)
            }
            let judge = try Network(network, input: preprocessing.inputShape, seed: seed)
            for count in batchSizes(of: validation) {
                _ = judge.forward(judge.input(batchSize: count), .inference, compute: compute)
            }
            return state
        }
        // The averages, the best weights so far, and a copy of both at the end of an epoch. A checkpoint takes a copy of the
        // weights and the slots, and becomes a file of all, which is made in two parts.
        let state = blank.network.parameters.reduce(0) { $0 + $1.value.count } * MemoryLayout<Float>.stride
        let slots = blank.slots.reduce(0) { $0 + $1.first.count + $1.second.count } * MemoryLayout<Float>.stride
        let checkpoint = checkpointFile == nil ? 0 : 2 * (3 * state + slots) + state + slots
        return tally.bytes + compute.scratchBytes(threads: threads ?? Compute().threads) + 3 * state
            + checkpoint + pictureBytes(training, isTraining: true) + pictureBytes(validation, isTraining: false)
    }

    /// The sizes of the batches that so many examples are cut into, the largest first, as in training.
    private func batchSizes(of count: Int) -> [Int] {
        let (size, rest) = (min(batchSize, count), count % batchSize)
        return [size, size == rest ? 0 : rest].filter { $0 > 0 }
    }

    /// What pictures take: all of them, or a batch in use and the next.
    private func pictureBytes(_ count: Int, isTraining: Bool) -> Int {
        let size = pictureSize(isTraining: isTraining)
        let (all, overflow) = (size.width * size.height * 3).multipliedReportingOverflow(by: count)
        return !overflow && all <= cacheByteLimit ? all : size.width * size.height * 3 * min(count, 2 * batchSize)
    }
}
