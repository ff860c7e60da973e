internal import Foundation
public import MLOpsCore

/// Takes the records of a source into a ``DatasetStore``, and makes a ``DatasetVersion`` of them.
///
/// Every record is either accepted or in the reject log with its reason. Checks run on all cores; records keep the
/// order of the source, so of two with the same bytes the first is kept, at any number of threads. Batches are
/// committed with the position in the source: a run that was killed at any instant is gone on with, under the same
/// name, by the next, which gives the version that an unbroken run would have given.
///
/// Of a folder (``ImageFolderSource``) only files that are new or have changed since the last run of the same name are
/// read: the store remembers each file's size, inode and times, and distrusts those so young that a change might not
/// show in them. ``rereads`` has all files read.
///
/// Memory holds the records in flight (at most 64 MiB, or one record if that is larger), for a folder the list of its
/// paths and 8 bytes a file to find duplicates, the reject log, and for ``run(from:into:total:progress:)`` the version's entries.
public struct Ingestion: Sendable {
    /// The name under which a broken run, or the last run over a folder, is found again.
    public var name: String
    /// What each record must pass, in this order.
    public var checks: [RecordCheck]
    /// The least number of classes, if records have labels at all.
    public var minimumClasses: Int
    /// The most records of a batch.
    public var batchSize: Int
    /// Whether files are read even where nothing says that they have changed.
    public var rereads = false
    /// Told of each step before it is taken for done; what it throws ends the run there.
    package var hook: IngestionHook = { _ in }
    /// The longest that checked records wait before a batch that is not full is committed.
    package var longestWait: Duration = .seconds(1)

    /// Makes an ingestion.
    public init(
        _ name: String, checks: [RecordCheck] = [.labeled, .decodes()], minimumClasses: Int = 2, batchSize: Int = 512
    ) {
        precondition(batchSize >= 1, "a batch has at least 1 record, not \(batchSize)")
        self.name = name
        self.checks = checks
        self.minimumClasses = minimumClasses
        self.batchSize = batchSize
    }

    /// Runs, or goes on with a broken run, and opens the version.
    ///
    /// Throws as ``ingest(from:into:total:progress:)``.
    public func run(
        from source: any DataSource<RawRecord>, into store: DatasetStore, total: Int? = nil,
        progress: any ProgressSink = SilentProgress()
    ) async throws -> IngestionReport {
        let summary = try await ingest(from: source, into: store, total: total, progress: progress)
        return IngestionReport(
            version: try store.version(summary.digest), accepted: summary.accepted, rejected: summary.rejected,
            resumedFrom: summary.resumedFrom)
    }

    /// Runs, or goes on with a broken run; memory does not grow with the version's entries.
    ///
    /// - Parameter total: the number of records in the source, if known, for the progress bar.
    /// - Throws: what the source throws; ``MLOpsError`` with `insufficientData` when no record, or too few
    ///   classes, were accepted, `storage` when the disk is full, `invalidArgument` when a source that is no folder has
    ///   changed since a broken run, `unavailable` when another run of the same name is under way.
    public func ingest(
        from source: any DataSource<RawRecord>, into store: DatasetStore, total: Int? = nil,
        progress: any ProgressSink = SilentProgress()
    ) async throws -> IngestionSummary {
        if let files = source as? any FileSource { return try await ingest(files: files, into: store, progress) }
        return try await ingest(stream: source, into: store, total: total, progress)
    }

    /// Forgets a broken run, and what is known of a folder's files, so that the next begins at the start of its source; a
    /// run that is still under way ends with `unavailable`.
    public func discard(in store: DatasetStore) async throws {
        try await IngestionJournal.discard(name, in: store)
        try await FolderScan.discard(name, in: store)
    }

    var pipeline: CheckingPipeline { CheckingPipeline(batchSize: batchSize, longestWait: longestWait) }

    /// Checks a record.
    func check(_ record: RawRecord, at offset: Int) -> CheckedRecord {
        var checked = CheckedRecord(record: record, offset: offset, digest: Digest(of: record.bytes))
        func reject(_ code: String, _ reason: String) {
            checked.rejection = Rejection(offset: offset, id: record.id, code: code, reason: reason)
            checked.record.bytes = Data()
        }
        if let failure = record.readFailure ?? record.fault {
            reject("unreadable", failure)
        } else if record.bytes.isEmpty {
            reject("empty", "The record has no bytes.")
        } else {
            for check in checks where checked.rejection == nil {
                do { try check.check(record) } catch let error as MLOpsError {
                    reject(error.code.description, error.message)
                } catch { reject(check.name, "\(error)") }
            }
        }
        return checked
    }

    /// Refuses a version that nobody can want.
    func checkContents(_ header: VersionHeader, _ rejections: [Rejection]) throws {
        guard header.entries > 0 else {
            let first = rejections.first.map { " The first: '\($0.id)': \($0.reason)" } ?? ""
            throw MLOpsError(
                .insufficientData, "No record was accepted; \(rejections.count) were rejected.\(first)",
                help: "Check that the source is the right one, and holds records that pass the checks.")
        }
        guard header.labels.isEmpty || header.labels.count >= minimumClasses else {
            throw MLOpsError(
                .insufficientData,
                "The \(header.entries) records have the classes \(header.sortedLabels); at least \(minimumClasses) are needed.",
                help: "Add records of another class, or ask for fewer classes.")
        }
    }
}

/// Told of the steps of an ingestion; for tests of what a kill leaves.
package typealias IngestionHook = @Sendable (IngestionStep) throws -> Void

/// A step of an ingestion at which it can be broken.
package enum IngestionStep: Sendable, Hashable {
    /// The bytes up to an offset are in the packs, and neither flushed nor committed.
    case bytesAppended(Int)
    /// The records up to an offset are committed.
    case batchCommitted(Int)
    /// All records are committed, and the manifest is not.
    case contentsRead
    /// The version is committed, and the journal is still there.
    case versionCommitted
}
