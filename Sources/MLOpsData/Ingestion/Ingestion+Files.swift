internal import Foundation
internal import MLOpsCore

extension Ingestion {
    /// Takes in a folder of files: reads only those that are not known to be as they were.
    func ingest(
        files source: some FileSource, into store: DatasetStore, _ progress: any ProgressSink
    ) async throws -> IngestionSummary {
        let asked = FileStamp.now()
        let versions = checks.map(\.version)
        let profile = ([source.folder, source.settings] + checks.map { "\($0.name) \($0.version ?? "")" })
            .joined(separator: "\n")
        var scan = try await FolderScan.open(
            name, profile: profile, isReusable: !rereads && !versions.contains(nil), in: store)
        var folders = scan.folders.flatMap { $0.areCurrent(in: source.folder) ? $0 : nil }
        var survey = try await FolderSurvey.take(
            of: source, against: scan, files: folders == nil ? source.files() : nil)
        if survey.needsListing {
            folders = nil
            survey = try await FolderSurvey.take(of: source, against: scan, files: source.files())
        }
        if folders == nil { folders = FolderStamps(of: source.folder, asked: asked) }
        let found = survey
        let total = found.unchanged + found.pending.count
        func report(_ done: Int) {
            progress.report(
                ProgressUpdate(
                    "Ingesting", completed: found.unchanged + done, total: total,
                    remark: found.unchanged > 0 ? "\(found.unchanged) unchanged" : ""))
        }
        var next = 0
        let (hook, reader) = (hook, source.reader())
        let rest = try await pipeline.run(
            &scan, jobs: { job(in: source.folder, found.pending, &next, asked: asked, reader) },
            commit: { scan, batch in try await scan.commit(batch, before: hook) }, report: { _ in report(next) })
        try Task.checkCancellation()
        let end = FolderScanEnd(
            scan: scan, rest: rest, removed: found.removed, folders: folders, files: total,
            isUnchanged: found.pending.isEmpty)
        let made = try await end.commit(check: checkContents, before: hook)
        report(found.pending.count)
        return IngestionSummary(
            digest: made.digest, accepted: made.accepted, rejected: made.rejected, read: found.pending.count,
            resumedFrom: SourcePosition(offset: scan.isResumed ? found.unchanged : 0))
    }

    /// The next files to read, at most 32 and about 1 MiB; `nil` at the end.
    private func job(
        in folder: String, _ pending: FileList, _ next: inout Int, asked: Int64, _ reader: @escaping FileReader
    ) -> CheckingJob? {
        let first = next
        var some: [(file: SourceFile, stamp: FileStamp?)] = []
        var bytes = 0
        while next < pending.count, some.count < 32, bytes < 1 << 20 {
            let file = pending[next]
            let stamp = file.failure == nil ? FileStamp(folder + "/" + file.id) : nil
            some.append((file, stamp))
            // A sparse file may claim more than any memory has; it is refused when it is read.
            bytes += Int(min(max(0, stamp?.size ?? 0), 1 << 40))
            next += 1
        }
        let files = some
        return files.isEmpty
            ? nil
            : CheckingJob(records: files.count, bytes: bytes) {
                files.enumerated().map { read($1.file, $1.stamp, in: folder, at: first + $0, asked: asked, reader) }
            }
    }

    /// Reads and checks a file; its stamp is kept only when it was the same before and after, and is old enough.
    private func read(
        _ file: SourceFile, _ stamp: FileStamp?, in folder: String, at offset: Int, asked: Int64, _ reader: FileReader
    ) -> CheckedRecord {
        if let failure = file.failure {
            return check(RawRecord(id: file.id, bytes: Data(), readFailure: failure), at: offset)
        }
        var checked = check(reader(file, stamp != nil), at: offset)
        if let stamp, checked.rejection?.code != "unreadable", stamp.isSettled(before: asked),
            FileStamp(folder + "/" + file.id) == stamp
        {
            checked.stamp = stamp
        }
        return checked
    }
}
