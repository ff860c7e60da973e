public import Foundation
public import MLOpsCore

extension DatasetStore {
    /// Commits a version, with the log of what was rejected; committing it again changes nothing.
    ///
    /// - Throws: ``MLOpsError`` with `notFound` when bytes of an entry are not stored, `storage` when the disk is full.
    public func commit(_ version: DatasetVersion, rejections: [Rejection] = []) async throws {
        let locations = try await locations(of: version.entries.map(\.digest))
        if let missing = locations.firstIndex(of: nil) {
            throw MLOpsError(
                .notFound,
                "The bytes of '\(version.entries[missing].id)', \(version.entries[missing].digest), are not in "
                    + "\(root.path).",
                help: "Store the bytes of all entries first.")
        }
        if !rejections.isEmpty {
            let lines = try rejections.reduce(into: Data()) { $0 += try CanonicalJSON.encode($1) + Data("\n".utf8) }
            try DurableFile.write(lines, to: url(of: version.digest, "rejected.jsonl"))
        }
        let manifest = try Manifest.encode(entries: version.entries, labels: version.labels, rejected: version.rejected)
        try DurableFile.write(manifest, to: url(of: version.digest, "jsonl"))
    }

    /// Opens a version; its manifest is checked against its digest.
    ///
    /// - Throws: ``MLOpsError`` with `notFound`, `digestMismatch` or `newerSchema`.
    public func version(_ digest: Digest) throws -> DatasetVersion {
        let url = url(of: digest, "jsonl")
        guard let bytes = FileManager.default.contents(atPath: url.path) else {
            throw MLOpsError(
                .notFound, "There is no version \(digest) in \(root.path).",
                help: "It has \(try versions().map(\.short)); give the whole digest of one.")
        }
        return try DatasetVersion(manifest: bytes, digest: digest, source: url.path)
    }

    /// Opens the version that has a tag; throws `notFound`.
    public func version(tagged name: String) throws -> DatasetVersion {
        guard let digest = try tags()[name] else {
            throw MLOpsError(
                .notFound, "There is no tag '\(name)' in \(root.path).",
                help: "Its tags are \(try tags().keys.sorted()).")
        }
        return try version(digest)
    }

    /// The digests of all versions, in ascending order.
    public func versions() throws -> [Digest] {
        try names(in: "versions").compactMap { $0.hasSuffix(".jsonl") ? Digest(hex: String($0.dropLast(6))) : nil }
            .sorted()
    }

    /// What the ingestion of a version rejected, in the order of the source; empty when nothing was.
    public func rejections(of digest: Digest) throws -> [Rejection] {
        let url = url(of: digest, "rejected.jsonl")
        guard let bytes = FileManager.default.contents(atPath: url.path) else { return [] }
        return try bytes.split(separator: UInt8(ascii: "\n")).map {
            try CanonicalJSON.decode(Rejection.self, from: $0, source: url.path)
        }
    }

    /// Gives a version a name, or moves a name to it.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for a name not made of letters, digits, `.`, `_` and `-`,
    ///   `notFound` for an unknown version.
    public func tag(_ digest: Digest, as name: String) throws {
        let isName = !name.isEmpty && name.utf8.count <= 100 && !name.hasPrefix(".")
        guard isName, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }) else {
            throw MLOpsError(
                .invalidArgument, "'\(name.prefix(100))' can't be a tag.",
                help: "Use up to 100 ASCII letters, digits, '.', '_' and '-', with no '.' in front.")
        }
        guard try versions().contains(digest) else {
            throw MLOpsError(.notFound, "There is no version \(digest) in \(root.path).", help: "Commit it first.")
        }
        try DurableFile.write(Data(digest.hex.utf8), to: root.appending(path: "tags").appending(path: name))
    }

    /// The versions by their tags.
    public func tags() throws -> [String: Digest] {
        let folder = root.appending(path: "tags")
        return try names(in: "tags").reduce(into: [:]) { tags, name in
            let text = FileManager.default.contents(atPath: folder.appending(path: name).path) ?? Data()
            tags[name] = Digest(hex: String(decoding: text, as: UTF8.self))
        }
    }

    /// The bytes of an entry, verified.
    public func bytes(of entry: DatasetEntry) async throws -> Data { try await load(entry.digest) }

    /// Reads the bytes of every entry and checks them against their digests.
    ///
    /// - Throws: ``MLOpsError`` with `notFound`, `corruptData` or `digestMismatch` for the first that is not intact.
    public func verify(_ version: DatasetVersion, progress: any ProgressSink = SilentProgress()) async throws {
        for (i, entry) in version.entries.enumerated() {
            try Task.checkCancellation()
            _ = try await load(entry.digest)
            if i % 256 == 255 || i + 1 == version.entries.count {
                progress.report(ProgressUpdate("Verifying", completed: i + 1, total: version.entries.count))
            }
        }
    }

    private func url(of digest: Digest, _ ending: String) -> URL {
        root.appending(path: "versions").appending(path: "\(digest.hex).\(ending)")
    }

    /// The names in a folder of the store that are no temporary files.
    private func names(in folder: String) throws -> [String] {
        let path = root.appending(path: folder).path
        do { return try FileManager.default.contentsOfDirectory(atPath: path).filter { !$0.hasPrefix(".") } } catch {
            throw MLOpsError(.storage, "Can't list \(path).", help: "Check the folder and your rights.", cause: error)
        }
    }
}
