public import MLOpsCore
public import MLOpsData

/// Asks a classifier about every example of a dataset, in batches, and notes what it said and what was true.
public struct Evaluation<Example: Sendable>: Sendable {
    /// What is true of an example.
    public struct Truth: Sendable, Hashable {
        /// The id of the example, unique in its dataset.
        public var id: String
        /// The index of its class.
        public var label: Int
        /// What it belongs to, such as `camera: north-gate`.
        public var slices: [String: String]

        /// States the truth.
        public init(id: String, label: Int, slices: [String: String] = [:]) {
            self.id = id
            self.label = label
            self.slices = slices
        }
    }

    /// The number of examples that are asked about together; at least 1.
    public var batchSize: Int
    /// The least probability at which the first answer counts; below it the classifier abstains.
    public var threshold: Double
    /// Where to say how far it is.
    public var progress: any ProgressSink
    /// What is true of an example.
    public var truth: @Sendable (Example) -> Truth

    /// Makes an evaluation.
    public init(
        batchSize: Int = 32, threshold: Double = 0, progress: any ProgressSink = SilentProgress(),
        truth: @escaping @Sendable (Example) -> Truth
    ) {
        self.batchSize = batchSize
        self.threshold = threshold
        self.progress = progress
        self.truth = truth
    }

    /// The outcome of each example, in the order of the dataset.
    ///
    /// - Parameters:
    ///   - dataset: the examples; not those that the classifier was trained on.
    ///   - predict: gives the probability of each class for each example of a batch.
    /// - Throws: ``MLOpsCore/MLOpsError`` with `invalidArgument` when `predict` does not give one row of probabilities,
    ///   summing to 1, for each example.
    public func outcomes(
        on dataset: any Dataset<Example>, predict: ([Example]) async throws -> [[Double]]
    ) async throws -> [ClassificationOutcome] {
        var outcomes: [ClassificationOutcome] = []
        outcomes.reserveCapacity(dataset.count)
        let size = max(1, batchSize)
        for start in stride(from: 0, to: dataset.count, by: size) {
            try Task.checkCancellation()
            var batch: [Example] = []
            for index in start..<min(start + size, dataset.count) {
                batch.append(try await dataset.example(at: index))
            }
            let rows = try await predict(batch)
            guard rows.count == batch.count else {
                throw MLOpsError(
                    .invalidArgument, "\(rows.count) rows were predicted for a batch of \(batch.count).",
                    help: "Give one row of probabilities for each example.")
            }
            for (example, row) in zip(batch, rows) {
                let truth = truth(example)
                try check(row, of: truth.id)
                outcomes.append(
                    ClassificationOutcome(
                        id: truth.id, truth: truth.label, probabilities: row.map { min($0, 1) }, threshold: threshold,
                        slices: truth.slices))
            }
            progress.report(ProgressUpdate("Test", completed: outcomes.count, total: dataset.count))
        }
        return outcomes
    }

    /// The outcome of each example by a predictor.
    ///
    /// - Parameters:
    ///   - predictor: a model that gives probabilities.
    ///   - output: the name of the output that holds them, [batch, classes] of 32-bit floats.
    ///   - inputs: makes the named inputs of a batch.
    public func outcomes(
        on dataset: any Dataset<Example>, by predictor: any Predictor, output: String,
        inputs: ([Example]) async throws -> [String: TensorValue]
    ) async throws -> [ClassificationOutcome] {
        try await outcomes(on: dataset) { batch in
            let outputs = try await predictor.predict(inputs(batch))
            guard let value = outputs[output], value.shape.count == 2, value.shape[0] == batch.count else {
                throw MLOpsError(
                    .invalidArgument,
                    "The output '\(output)' for \(batch.count) examples is "
                        + "\(outputs[output].map { "of shape \($0.shape)" } ?? "missing").",
                    help: "Name an output of shape [batch, classes]; there are \(outputs.keys.sorted()).")
            }
            let (floats, width) = (try value.floats(), value.shape[1])
            return batch.indices.map { row in floats[row * width..<(row + 1) * width].map(Double.init) }
        }
    }

    private func check(_ row: [Double], of id: String) throws {
        let sum = row.reduce(0, +)
        // Softmax in 32-bit floats sums to 1 within a few parts in a million.
        guard row.allSatisfy({ $0 >= 0 && $0 <= 1.001 }), abs(sum - 1) <= 1e-3 else {
            throw MLOpsError(
                .invalidArgument, "The prediction \(row.prefix(8)) for '\(id)' is no probabilities; its sum is \(sum).",
                help: "End the model with a softmax, or apply one before the evaluation.")
        }
    }
}

extension Evaluation where Example == LabeledImage {
    /// Makes an evaluation on pictures with their class.
    public init(batchSize: Int = 32, threshold: Double = 0, progress: any ProgressSink = SilentProgress()) {
        self.init(batchSize: batchSize, threshold: threshold, progress: progress) { Truth(id: $0.id, label: $0.label) }
    }
}

extension Evaluation where Example == LabeledVector {
    /// Makes an evaluation on features with their class.
    public init(batchSize: Int = 32, threshold: Double = 0, progress: any ProgressSink = SilentProgress()) {
        self.init(batchSize: batchSize, threshold: threshold, progress: progress) { Truth(id: $0.id, label: $0.label) }
    }
}
