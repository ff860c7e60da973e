internal import Foundation
public import MLOpsCore

/// Examines whether a ``ModelSerializer`` keeps its promises.
///
/// The models come from the conformer's author, as does the closure that says whether two of them predict the same.
public struct ModelSerializerExam<Serializer: ModelSerializer>: Sendable {
    private let serializer: Serializer
    private let models: [Serializer.Model]
    private let predictsTheSame: @Sendable (Serializer.Model, Serializer.Model) async throws -> Bool

    /// Makes an exam.
    ///
    /// - Parameters:
    ///   - serializer: the candidate.
    ///   - models: models of different kinds, at least one.
    ///   - predictsTheSame: whether the second model, which was read back, predicts what the first does.
    public init(
        _ serializer: Serializer, models: [Serializer.Model],
        predictsTheSame: @escaping @Sendable (Serializer.Model, Serializer.Model) async throws -> Bool
    ) {
        self.serializer = serializer
        self.models = models
        self.predictsTheSame = predictsTheSame
    }

    /// Runs the exam; throws ``ExamFailure`` for the first promise that is not kept.
    public func run() async throws {
        try require(!models.isEmpty, "the exam needs at least one model")
        for (index, model) in models.enumerated() {
            let files = try serializer.serialize(model)
            try require(!files.isEmpty, "model \(index) must give at least one file")
            try require(Set(files.map(\.path)).count == files.count, "the paths \(files.map(\.path)) must be unique")
            try require(try serializer.serialize(model) == files, "model \(index) must give the same bytes again")
            let copy = try serializer.deserialize(files)
            try require(try await predictsTheSame(model, copy), "model \(index) must predict the same once read back")
            try require(try serializer.serialize(copy) == files, "model \(index), read back, must give the same bytes")
            try await damage(files, of: index)
        }
        try await requireError(.corruptData, "reading no files must throw corruptData") {
            _ = try serializer.deserialize([])
        }
    }

    /// Damages each file in turn; every reading must throw.
    private func damage(_ files: [ModelFile], of index: Int) async throws {
        for (position, file) in files.enumerated() where !file.bytes.isEmpty {
            let damages = [
                "empty": Data(), "cut in the middle": file.bytes.prefix(file.bytes.count / 2),
                "text": Data("this is no model".utf8), "all ones": Data(repeating: 0xFF, count: file.bytes.count),
            ]
            for (damage, bytes) in damages.sorted(by: { $0.key < $1.key }) {
                var damaged = files
                damaged[position] = try ModelFile(path: file.path, bytes: bytes)
                try await requireError(
                    .corruptData, "'\(file.path)' of model \(index), \(damage), must throw corruptData"
                ) { _ = try serializer.deserialize(damaged) }
            }
        }
    }
}
