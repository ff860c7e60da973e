internal import Foundation
public import MLOpsCore

/// Takes the records of a source into a ``DatasetStore``, and makes a ``DatasetVersion`` of them.
///
/// Every record is either accepted or in the reject log with its reason. Checks run on all cores; records keep the
/// order of the source, so of two with the same bytes the first is kept, at any number of threads. Batches are
/// committed with the position in the source: a run that was killed at any instant is gone on with, under the same
/// name, by the next, which gives the version that an unbroken run would have given.
///
/// Memory holds the records in flight (at most 256, and 64 MiB beside the largest one), one batch, and about
/// 200 bytes an entry when the manifest is made at the end.
public struct Ingestion: Sendable {
    /// The name under which a broken run is found again.
    public var name: String
    /// What each record must pass, in this order.
    public var checks: [RecordCheck]
    /// The least number of classes, if records have labels at all.
    public var minimumClasses: Int
    /// The most records of a batch.
    public var batchSize: Int
    /// Told of each step before it is taken for done; what it throws ends the run there.
    package var hook: IngestionHook = { _ in }
    /// The longest that checked records wait before a batch that is not full is committed.
    package var longestWait: Duration = .seconds(1)

    private static let maxInFlight = 256
    private static let maxBytesInFlight = 64 << 20

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

    /// Runs, or goes on with a broken run.
    ///
    /// - Parameter total: the number of records in the source, if known, for the progress bar.
    /// - Throws: what the source throws; ``MLOpsError`` with `insufficientData` when no record, or too few
    ///   classes, were accepted, `storage` when the disk is full, `invalidArgument` when the source has changed since a broken run,
    ///   `unavailable` when another run of the same name is under way.
    public func run(
        from source: any DataSource<RawRecord>, into store: DatasetStore, total: Int? = nil,
        progress: any ProgressSink = SilentProgress()
    ) async throws -> IngestionReport {
        var journal = try await IngestionJournal.open(name, in: store)
        let start = journal.position
        try await takeIn(source, &journal) { journal in
            progress.report(
                ProgressUpdate(
                    "Ingesting", completed: journal.position.offset, total: total,
                    remark: "\(journal.rejected) rejected"))
        }
        let (version, rejections) = try await journal.contents()
        do { try checkContents(version, rejections) } catch {
            try await journal.discard()
            throw error
        }
        try hook(.contentsRead)
        try await store.commit(version, rejections: rejections)
        try hook(.versionCommitted)
        try await journal.discard()
        return IngestionReport(
            version: version, accepted: journal.accepted, rejected: journal.rejected, resumedFrom: start)
    }

    /// Forgets a broken run, so that the next begins at the start of its source.
    public func discard(in store: DatasetStore) async throws {
        try await IngestionJournal.open(name, in: store).discard()
    }

    private func takeIn(
        _ source: any DataSource<RawRecord>, _ journal: inout IngestionJournal,
        report: (IngestionJournal) -> Void
    ) async throws {
        let start = journal.position.offset
        // The record before the position is read again, to see that the source is still the same.
        let records = source.records(from: SourcePosition(offset: max(0, start - 1)))
        try await withThrowingTaskGroup(of: CheckedRecord.self) { group in
            var read = max(0, start - 1)
            var inFlight = (records: 0, bytes: 0)
            var early: [Int: CheckedRecord] = [:]
            var batch: [CheckedRecord] = []
            var batchBytes = 0
            var committed = ContinuousClock.now
            func take(_ checked: CheckedRecord) {
                early[checked.offset] = checked
                while let next = early.removeValue(forKey: journal.position.offset + batch.count) {
                    inFlight.records -= 1
                    inFlight.bytes -= next.size
                    batchBytes += next.record.bytes.count
                    batch.append(next)
                }
            }
            func commit(_ count: Int) async throws {
                try Task.checkCancellation()
                let size = batch.prefix(count).reduce(0) { $0 + $1.record.bytes.count }
                try await journal.commit(Array(batch.prefix(count)), before: hook)
                batch.removeFirst(count)
                batchBytes -= size
                committed = .now
                report(journal)
            }
            func commitFull() async throws {
                while batch.count >= batchSize { try await commit(batchSize) }
                if batchBytes >= Self.maxBytesInFlight
                    || !batch.isEmpty && ContinuousClock.now - committed > longestWait
                {
                    try await commit(batch.count)
                }
            }
            for try await sourced in records {
                let (record, offset) = (sourced.record, read)
                read += 1
                if offset < start {
                    guard record.id == journal.lastID else { throw changed(journal, record.id) }
                    continue
                }
                inFlight.records += 1
                inFlight.bytes += record.bytes.count
                group.addTask { check(record, at: offset) }
                while inFlight.records >= Self.maxInFlight || inFlight.bytes > Self.maxBytesInFlight,
                    let checked = try await group.next()
                {
                    take(checked)
                    try await commitFull()
                }
            }
            if read < start { throw changed(journal, nil) }
            while let checked = try await group.next() {
                take(checked)
                try await commitFull()
            }
            if !batch.isEmpty { try await commit(batch.count) }
        }
    }

    private func check(_ record: RawRecord, at offset: Int) -> CheckedRecord {
        var checked = CheckedRecord(
            record: record, offset: offset, size: record.bytes.count, digest: Digest(of: record.bytes))
        func reject(_ code: String, _ reason: String) {
            checked.rejection = Rejection(offset: offset, id: record.id, code: code, reason: reason)
            checked.record.bytes = Data()
        }
        if let failure = record.readFailure {
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

    private func checkContents(_ version: DatasetVersion, _ rejections: [Rejection]) throws {
        guard !version.entries.isEmpty else {
            let first = rejections.first.map { " The first: '\($0.id)': \($0.reason)" } ?? ""
            throw MLOpsError(
                .insufficientData, "No record was accepted; \(rejections.count) were rejected.\(first)",
                help: "Check that the source is the right one, and holds records that pass the checks.")
        }
        guard version.labels.isEmpty || version.labels.count >= minimumClasses else {
            throw MLOpsError(
                .insufficientData,
                "The \(version.entries.count) records have \(version.labels.count) classes (\(version.labels)), "
                    + "but at least \(minimumClasses) are needed.",
                help: "Add records of another class, or lower minimumClasses.")
        }
    }

    private func changed(_ journal: IngestionJournal, _ id: String?) -> MLOpsError {
        MLOpsError(
            .invalidArgument,
            "The source has changed since the broken run of '\(name)': record \(journal.position.offset - 1) was "
                + "'\(journal.lastID ?? "")', and is now \(id.map { "'\($0)'" } ?? "missing").",
            help: "Call discard(in:) to begin again, or restore the source.")
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
    /// All records are committed, and the manifest is not yet written.
    case contentsRead
    /// The version is committed, and the journal is still there.
    case versionCommitted
}
