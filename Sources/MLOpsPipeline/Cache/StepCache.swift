public import Foundation
public import MLOpsCore

/// The outputs of steps that have run, kept in a folder.
///
/// An output is stored first and its entry written after it, each at once or not at all; so whatever instant a
/// process is killed at, a step counts as done or as not done. Processes may share the folder: two that run the same
/// step at the same time both compute it, and both write the same.
public struct StepCache: Sendable {
    /// What steps store, outputs among it.
    public let artifacts: any ArtifactStore

    private let entries: URL

    private struct Entry: Codable {
        var key: StepKey
        var output: Digest
        var computedAt: Date
    }

    /// Opens the cache in a folder, or makes it.
    ///
    /// - Parameter artifacts: where outputs go; `nil` for the folder `artifacts` in it.
    public init(at folder: URL, artifacts: (any ArtifactStore)? = nil) throws {
        entries = folder.appendingPathComponent("entries")
        try DurableFile.makeFolder(entries)
        self.artifacts = try artifacts ?? LocalArtifactStore(at: folder.appendingPathComponent("artifacts"))
    }

    /// Whether the output of a key is known, and why or why not; see ``lookUp(_:)``.
    public func why(_ key: StepKey) async throws -> CacheDecision { try await lookUp(key).decision }

    /// The output of a key, with the reason why it is known or not.
    ///
    /// A damaged entry or output counts as not known.
    func lookUp(_ key: StepKey) async throws -> (decision: CacheDecision, output: Data?) {
        let digest = try key.digest
        if let entry = entry(at: url(key.step, digest.hex)), entry.key == key {
            do {
                return (.hit(computedAt: entry.computedAt), try await artifacts.load(entry.output))
            } catch let error as MLOpsError where error.code == .notFound || error.code == .digestMismatch {
                return (.miss(["the stored output is gone or damaged"]), nil)
            }
        }
        guard let last = entry(at: url(key.step, "last")) else { return (.miss(["it never ran"]), nil) }
        let differences = key.differences(from: last.key)
        return (.miss(differences.isEmpty ? ["the stored entry is gone or damaged"] : differences), nil)
    }

    /// Keeps the output of a key.
    func keep(_ output: Data, for key: StepKey, at now: Date) async throws -> Digest {
        let digest = try await artifacts.store(output)
        let bytes = try CanonicalJSON.encodePretty(Entry(key: key, output: digest, computedAt: now))
        try DurableFile.makeFolder(folder(key.step))
        try DurableFile.write(bytes, to: url(key.step, key.digest.hex))
        try DurableFile.write(bytes, to: url(key.step, "last"))
        return digest
    }

    private func entry(at url: URL) -> Entry? {
        FileManager.default.contents(atPath: url.path).flatMap {
            try? CanonicalJSON.decode(Entry.self, from: $0, source: url.path)
        }
    }

    /// A step's name may hold anything, so its folder is named by its digest.
    private func folder(_ step: String) -> URL { entries.appendingPathComponent(Digest(of: Data(step.utf8)).short) }

    private func url(_ step: String, _ name: String) -> URL { folder(step).appendingPathComponent(name + ".json") }
}
