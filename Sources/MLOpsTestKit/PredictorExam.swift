public import MLOpsCore

/// The exam of the `Predictor` protocol: hand it a predictor and inputs that fit, and run it.
public struct PredictorExam<Candidate: Predictor>: Sendable {
    private let predictor: Candidate
    private let inputs: [String: TensorValue]

    /// Makes an exam of a predictor.
    ///
    /// - Parameter inputs: a batch of at least two rows that fits the predictor's signature.
    public init(_ predictor: Candidate, inputs: [String: TensorValue]) {
        self.predictor = predictor
        self.inputs = inputs
    }

    /// Sits the exam; throws ``ExamFailure`` with the first promise that is not kept.
    public func run() async throws {
        let outputs = try await predictor.predict(inputs)
        try outputsFitTheSignature(outputs)
        try await equalInputsGiveEqualOutputs(outputs)
        try await misfitsThrow()
        let again = try await predictor.predict(inputs)
        try require(again == outputs, "after inputs that don't fit, the predictor stays usable and gives the same")
    }

    private func outputsFitTheSignature(_ outputs: [String: TensorValue]) throws {
        let rows = inputs.values.first?.shape.first
        for spec in predictor.signature.outputs {
            guard let output = outputs[spec.name] else {
                throw ExamFailure("the output '\(spec.name)' of the signature is given")
            }
            do { try spec.check(output) } catch {
                throw ExamFailure("the output '\(spec.name)' has the type and shape of the signature: \(error)")
            }
            try require(output.shape.first == rows, "the output '\(spec.name)' has a row for each row of the input")
        }
    }

    private func equalInputsGiveEqualOutputs(_ outputs: [String: TensorValue]) async throws {
        try await withThrowingTaskGroup(of: [String: TensorValue].self) { group in
            for _ in 0..<8 { group.addTask { try await predictor.predict(inputs) } }
            for try await others in group {
                try require(others == outputs, "equal inputs give equal outputs, bit for bit, whatever else runs")
            }
        }
    }

    private func misfitsThrow() async throws {
        try await requireError(.invalidArgument, "missing inputs throw `invalidArgument`") {
            _ = try await predictor.predict([:])
        }
        var unknown = inputs
        unknown["an input that no model has"] = try TensorValue(shape: [1], floats: [0])
        try await requireError(.invalidArgument, "an unknown input throws `invalidArgument`") {
            _ = try await predictor.predict(unknown)
        }
        for (name, value) in inputs {
            var misfit = inputs
            misfit[name] = try TensorValue(value.elementType, shape: value.shape + [1, 1], bytes: value.bytes)
            try await requireError(.invalidArgument, "an input of another shape throws `invalidArgument`") {
                _ = try await predictor.predict(misfit)
            }
        }
    }
}
