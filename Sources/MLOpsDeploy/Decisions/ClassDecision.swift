public import MLOpsCore

/// What a classifier says about one row: a class or nothing, and the probabilities behind it.
public struct ClassDecision: Sendable, Hashable {
    /// The most probable class; `nil` when its probability is below the package's threshold: the model abstains.
    public var label: String?
    /// The probability of each class, in the order of the package's labels.
    public var probabilities: [Double]

    /// Makes a decision.
    public init(label: String?, probabilities: [Double]) {
        self.label = label
        self.probabilities = probabilities
    }

    /// Decides on probabilities: the first greatest one counts when it reaches the threshold.
    ///
    /// A probability that is not a number never wins, so a broken model abstains.
    public init(probabilities: [Double], labels: [String], threshold: Double) {
        var best: Int?
        for (i, p) in probabilities.enumerated() where i < labels.count && p >= threshold {
            if let b = best, probabilities[b] >= p { continue }
            best = i
        }
        self.init(label: best.map { labels[$0] }, probabilities: probabilities)
    }
}

extension ModelPackage.Manifest {
    /// The output that holds probabilities [N, classes]: the one named `probabilities`, else the first `FP32` one with
    /// a column for each label.
    public var probabilitiesOutput: ModelSignature.TensorSpec? {
        guard !labels.isEmpty else { return nil }
        let fitting = signature.outputs.filter {
            $0.elementType == .float32 && $0.shape.count == 2 && ($0.shape[1] == labels.count || $0.shape[1] == -1)
        }
        return fitting.first { $0.name == "probabilities" } ?? fitting.first
    }

    /// The decision on each row of a prediction; empty when the model gives no probabilities.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when the output is not [N, classes].
    public func decisions(from outputs: [String: TensorValue]) throws -> [ClassDecision] {
        guard let spec = probabilitiesOutput, let output = outputs[spec.name] else { return [] }
        let values = try output.floats()
        guard output.shape.count == 2, output.shape[1] == labels.count else {
            throw MLOpsError(
                .invalidArgument, "The output '\(spec.name)' has the shape \(output.shape), not [N, \(labels.count)].",
                help: "Give one probability for each of \(labels).")
        }
        return (0..<output.shape[0]).map { row in
            ClassDecision(
                probabilities: values[row * labels.count..<(row + 1) * labels.count].map(Double.init), labels: labels,
                threshold: threshold)
        }
    }
}
