internal import Foundation
public import MLOpsCore

/// Examines whether a ``ModelRuntime``, and the ``Predictor`` it makes, keep their promises.
public struct ModelRuntimeExam: Sendable {
    private let runtime: any ModelRuntime
    private let package: ModelPackage

    /// Makes an exam.
    ///
    /// - Parameters:
    ///   - runtime: the candidate.
    ///   - package: a package that it can open, with at least one golden vector.
    public init(_ runtime: any ModelRuntime, package: ModelPackage) {
        self.runtime = runtime
        self.package = package
    }

    /// Runs the exam; throws ``ExamFailure`` for the first promise that is not kept.
    public func run() async throws {
        guard let vector = package.manifest.goldenVectors.first else {
            throw ExamFailure("the package must have a golden vector")
        }
        let predictor = try await runtime.predictor(for: package)
        try require(
            predictor.signature == package.manifest.signature,
            "the predictor's signature must be the package's, but is \(predictor.signature)")
        try await package.verifyGoldenVectors(on: predictor)
        try await predictsTheSameAgain(predictor, vector.inputs)
        try await keepsRowsApart(predictor, vector.inputs)
        try await refusesWrongInputs(predictor, vector.inputs)
        try await package.verifyGoldenVectors(on: predictor)
        try await refusesWrongPackages()
    }

    private func predictsTheSameAgain(_ predictor: any Predictor, _ inputs: [String: TensorValue]) async throws {
        let first = try await predictor.predict(inputs)
        try require(
            Set(first.keys) == Set(predictor.signature.outputs.map(\.name)),
            "the outputs must be those of the signature, but are \(first.keys.sorted())")
        let all = try await withThrowingTaskGroup(of: [String: TensorValue].self) { group in
            for _ in 0..<8 { group.addTask { try await predictor.predict(inputs) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        try require(
            all.allSatisfy { $0 == first }, "equal inputs must give equal bits, also when calls run concurrently")
    }

    /// Doubles the batch: both halves must predict what the batch alone does.
    private func keepsRowsApart(_ predictor: any Predictor, _ inputs: [String: TensorValue]) async throws {
        guard predictor.signature.inputs.allSatisfy({ $0.shape.first == -1 }) else { return }
        let single = try await predictor.predict(inputs)
        let double = try await predictor.predict(
            try inputs.mapValues { value in
                try TensorValue(
                    value.elementType, shape: [2 * value.shape[0]] + value.shape.dropFirst(),
                    bytes: value.bytes + value.bytes)
            })
        for (name, value) in single {
            guard let twice = double[name], value.shape.first.map({ 2 * $0 }) == twice.shape.first else {
                throw ExamFailure("twice the batch must give twice the rows of '\(name)'")
            }
            try require(twice.bytes == value.bytes + value.bytes, "a row of '\(name)' must not depend on other rows")
        }
    }

    private func refusesWrongInputs(_ predictor: any Predictor, _ inputs: [String: TensorValue]) async throws {
        try await requireError(.invalidArgument, "missing inputs must throw invalidArgument") {
            _ = try await predictor.predict([:])
        }
        let flat = try inputs.mapValues {
            try TensorValue($0.elementType, shape: $0.shape + [1, 1, 1], bytes: $0.bytes)
        }
        try await requireError(.invalidArgument, "inputs of another rank must throw invalidArgument") {
            _ = try await predictor.predict(flat)
        }
        let one = try TensorValue(shape: [1], floats: [0])
        try await requireError(.invalidArgument, "an unknown input must throw invalidArgument") {
            _ = try await predictor.predict(inputs.merging(["no input of this name": one]) { a, _ in a })
        }
    }

    private func refusesWrongPackages() async throws {
        var manifest = package.manifest
        manifest.format = ModelFormat("no-format-of-this-name")
        let foreign = try ModelPackage(manifest: manifest, files: package.files)
        try await requireError(.unsupported, "a package of an unknown format must throw unsupported") {
            _ = try await runtime.predictor(for: foreign)
        }
        let cut = try package.files.map { try ModelFile(path: $0.path, bytes: $0.bytes.prefix($0.bytes.count / 2)) }
        let damaged = try ModelPackage(manifest: package.manifest, files: cut)
        try await requireError(.corruptData, "a damaged package must throw corruptData") {
            _ = try await runtime.predictor(for: damaged)
        }
    }
}
