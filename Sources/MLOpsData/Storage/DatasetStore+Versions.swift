public import Foundation
internal import GRDB
public import MLOpsCore

extension DatasetStore {
    /// Commits a version, with the log of what was rejected; committing it again with another log replaces that alone.
    ///
    /// - Throws: ``MLOpsError`` with `notFound` when bytes of an entry are not stored, `storage` when the disk is full.
    public func commit(_ version: DatasetVersion, rejections: [Rejection] = []) async throws {
        let now = clock.now()
        try await write { batch in
            for entry in version.entries where !(try batch.contains(entry.digest)) {
                throw MLOpsError(
                    .notFound, "The bytes of '\(entry.id)', \(entry.digest), are not in \(root.path).",
                    help: "Store the bytes of all entries first; erased ones can't come back.")
            }
            let header = try version.header { try batch.store(Data($0), $1) }
            _ = try batch.commit(header, rejections: rejections, at: now)
        }
    }

    /// Opens a version; every part of its manifest is checked against its digest.
    ///
    /// - Throws: ``MLOpsError`` with `notFound`, `corruptData`, `digestMismatch` or `newerSchema`.
    public func version(_ digest: Digest) throws -> DatasetVersion {
        try readingNow { database in
            let header = try header(of: digest, in: database)
            var entries: [DatasetEntry] = []
            if let (root, count) = header.tree {
                try trees(in: database).forEachLeaf(root, entries: count) { entries += $0 }
            }
            return DatasetVersion(digest: digest, header: header, entries: entries)
        }
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
        try readingNow { database in
            try Row.fetchAll(database, sql: "SELECT digest FROM version ORDER BY digest").map { try $0.digest(0) }
        }
    }

    /// What there is to say of every version without reading its entries, in the order of their commits.
    public func summaries() throws -> [VersionSummary] {
        let tags = try tags()
        return try readingNow { database in
            try Row.fetchAll(database, sql: "SELECT digest, at FROM version ORDER BY sequence").map { row in
                let digest = try row.digest(0)
                let header = try header(of: digest, in: database)
                return VersionSummary(
                    digest: digest, committedAt: Date(milliseconds: try row.decode(atIndex: 1)),
                    tags: tags.filter { $0.value == digest }.keys.sorted(), entries: header.entries,
                    labels: header.labels, rejected: header.rejected)
            }
        }
    }

    /// The version that a person means by a tag, a digest, or at least 6 of its first hexadecimal digits.
    ///
    /// - Throws: ``MLOpsError`` with `notFound`, or `invalidArgument` when several versions begin so.
    public func digest(named name: String) throws -> Digest {
        if let digest = try tags()[name] ?? Digest(hex: name) { return digest }
        let versions = try versions()
        let matching = name.utf8.count >= 6 ? versions.filter { $0.hex.hasPrefix(name.lowercased()) } : []
        guard matching.count <= 1 else {
            throw MLOpsError(
                .invalidArgument, "\(matching.count) versions begin with '\(name)'.", help: "Give more digits.")
        }
        guard let digest = matching.first else {
            throw MLOpsError(
                .notFound, "'\(name)' is no tag and no version in \(root.path).",
                help: "It has the tags \(try tags().keys.sorted()) and the versions "
                    + "\(versions.prefix(20).map(\.short))\(versions.count > 20 ? " and others" : "").")
        }
        return digest
    }

    /// What changed from one version to another; reads only what differs.
    public func difference(from old: Digest, to new: Digest) throws -> DatasetDiff {
        try readingNow { database in
            let (a, b) = (try header(of: old, in: database), try header(of: new, in: database))
            let entries = try trees(in: database).differing(a.tree, b.tree)
            return DatasetDiff(from: (old, a, entries.a), to: (new, b, entries.b))
        }
    }

    /// What the ingestion of a version rejected, in the order of the source; empty when nothing was.
    public func rejections(of digest: Digest) throws -> [Rejection] {
        try readingNow { try rejections(of: digest, in: $0) }
    }

    func rejections(of digest: Digest, in database: Database) throws -> [Rejection] {
        let row = try Row.fetchOne(
            database, sql: "SELECT rejections FROM version WHERE digest = ? AND rejections IS NOT NULL",
            arguments: [digest.blob])
        guard let log = try row?.digest(0), let location = try Self.location(of: log, in: database) else { return [] }
        return try verified(log, at: location).split(separator: UInt8(ascii: "\n")).map {
            try CanonicalJSON.decode(Rejection.self, from: $0, source: "the rejections of \(digest.short)")
        }
    }

    /// Takes a version out of the store; its bytes that no other version has are garbage from then on.
    ///
    /// - Throws: ``MLOpsError`` with `notFound`, or `invalidArgument` while a tag is on it.
    public func remove(_ digest: Digest) throws {
        let tags = try tags().filter { $0.value == digest }.keys.sorted()
        guard tags.isEmpty else {
            throw MLOpsError(
                .invalidArgument, "The version \(digest.short) has the tags \(tags).", help: "Take them away first.")
        }
        try writeNow { batch in
            // Its header may be damaged.
            try batch.database.execute(sql: "DELETE FROM version WHERE digest = ?", arguments: [digest.blob])
            guard batch.database.changesCount == 1 else { throw try noVersion(digest, in: batch.database) }
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

    /// The header of a version of this store.
    func header(of digest: Digest, in database: Database) throws -> VersionHeader {
        let isThere = try Row.fetchOne(
            database, sql: "SELECT 1 FROM version WHERE digest = ?", arguments: [digest.blob])
        guard isThere != nil, let location = try Self.location(of: digest, in: database) else {
            throw try noVersion(digest, in: database)
        }
        return try VersionHeader(verified(digest, at: location), source: "The version \(digest.short)")
    }

    private func noVersion(_ digest: Digest, in database: Database) throws -> MLOpsError {
        let retired = try Row.fetchOne(
            database, sql: "SELECT successor, receipt FROM retired WHERE digest = ?", arguments: [digest.blob])
        if let retired {
            return MLOpsError(
                .notFound, "The version \(digest.short) lost records by the erasure \(try retired.digest(1).short).",
                help: "What is left of it is the version \(try retired.digest(0)).")
        }
        let all = try Row.fetchAll(database, sql: "SELECT digest FROM version ORDER BY sequence DESC LIMIT 20")
        return MLOpsError(
            .notFound, "There is no version \(digest) in \(root.path).",
            help: "Its newest are \(try all.map { try $0.digest(0).short }); give the whole digest of one.")
    }
}
