public import MLOpsCore

extension CNNTrainer {
    /// The identity of the hyperparameters: the digest of their canonical JSON.
    public var digest: Digest { get throws { try Digest(ofJSON: self) } }

    /// How a picture becomes the network's input in training: of another size when ``trainingScale`` is not 1.
    package var trainingPreprocessing: ImagePreprocessing {
        var smaller = preprocessing
        smaller.width = max(1, Int((Double(preprocessing.width) * trainingScale).rounded()))
        smaller.height = max(1, Int((Double(preprocessing.height) * trainingScale).rounded()))
        return smaller
    }

    /// The size in which pictures are kept.
    package func pictureSize(isTraining: Bool) -> (width: Int, height: Int) {
        let size = isTraining ? trainingPreprocessing : preprocessing
        // A quarter more pixels than the network sees let crops keep their detail.
        let isCropped = isTraining && augmentation != nil
        return isCropped ? ((size.width * 5 + 3) / 4, (size.height * 5 + 3) / 4) : (size.width, size.height)
    }

    /// The number of steps in which each of the examples is shown once.
    package func stepsPerEpoch(exampleCount: Int) -> Int { (exampleCount + batchSize - 1) / batchSize }

    /// Throws `invalidArgument` for the first hyperparameter that can't be used.
    package func validate() throws {
        _ = try network.shapes(for: preprocessing.inputShape)
        try network.check(labels: labels)
        try check("trainingScale", trainingScale, "Use a share above 0 and at most 1.") { $0 > 0 && $0 <= 1 }
        guard
            try network.parameters(for: trainingPreprocessing.inputShape)
                == network.parameters(for: preprocessing.inputShape)
        else {
            throw MLOpsError(
                .invalidArgument,
                "'\(network.name)' has other weights for pictures of \(trainingScale) of the side.",
                help: "Pool globally before the first dense layer, or use a trainingScale of 1.")
        }
        try check("epochs", epochs, "Use 1 to 1000000.") { (1...1_000_000).contains($0) }
        try check("batchSize", batchSize, "Use 1 to 65536.") { (1...65_536).contains($0) }
        try check("labelSmoothing", labelSmoothing, "Use a share in 0 ..< 1.") { $0 >= 0 && $0 < 1 }
        try check("gradientClip", gradientClip, "Use a length above 0, or nil.") { $0.map { $0 > 0 } ?? true }
        try check("averaging", averaging, "Use a share in 0 ..< 1, or nil.") { $0.map { $0 >= 0 && $0 < 1 } ?? true }
        try check("mixup", mixup, "Use a number from 0.01 to 1, or nil.") {
            $0.map { $0 >= 0.01 && $0 <= 1 } ?? true
        }
        try check("frozenLayers", frozenLayers, "Leave at least one of the \(network.layers.count) layers to learn.") {
            $0 >= 0 && $0 < network.layers.count
        }
        try check("patience", patience, "Use 1 or more, or nil.") { $0.map { $0 >= 1 } ?? true }
        try check("stepsPerCheckpoint", stepsPerCheckpoint, "Use 1 or more, or nil.") { $0.map { $0 >= 1 } ?? true }
        try check("checkpointsKept", checkpointsKept, "Use 1 to 1000.") { (1...1000).contains($0) }
        try check("threads", threads, "Use 1 to 1024, or nil.") { $0.map { (1...1024).contains($0) } ?? true }
        try optimizer.validate()
        try schedule.validate()
        try augmentation?.validate()
    }

    private func check<Value>(_ name: String, _ value: Value, _ help: String, _ isValid: (Value) -> Bool) throws {
        guard isValid(value) else {
            // An optional would be told as "Optional(5.0)".
            let text = Mirror(reflecting: value).children.first.map { "\($0.value)" } ?? "\(value)"
            throw MLOpsError(.invalidArgument, "The hyperparameter \(name) can't be \(text).", help: help)
        }
    }
}
