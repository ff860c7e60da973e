extension ModelPackage {
    /// Replays the golden vectors on a predictor.
    ///
    /// - Throws: ``MLOpsError`` with `digestMismatch` when an output differs by more than its tolerance.
    public func verifyGoldenVectors(on predictor: some Predictor) async throws {
        for (index, vector) in manifest.goldenVectors.enumerated() {
            let outputs = try await predictor.predict(vector.inputs)
            for (name, expected) in vector.outputs.sorted(by: { $0.key < $1.key }) {
                guard let found = outputs[name], found.shape == expected.shape else {
                    throw mismatch(index, "the output '\(name)' is missing or has another shape")
                }
                let difference = zip(try found.floats(), try expected.floats()).reduce(Float(0)) {
                    // A NaN must not pass as "no larger difference".
                    let d = abs($1.0 - $1.1)
                    return d.isNaN ? .infinity : max($0, d)
                }
                guard difference <= vector.tolerance else {
                    throw mismatch(index, "the output '\(name)' differs by \(difference) > \(vector.tolerance)")
                }
            }
        }
    }

    private func mismatch(_ index: Int, _ what: String) -> MLOpsError {
        MLOpsError(
            .digestMismatch, "Golden vector \(index) of '\(manifest.name)' (\(digest.short)) fails: \(what).",
            help: "The runtime computes something else than the trainer did; don't serve this package with it.")
    }
}
