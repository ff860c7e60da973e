internal import Foundation
internal import MLOpsCore

/// What has changed in a folder since its last scan, by stamps alone.
struct FolderSurvey: Sendable {
    /// The files to read: new ones, changed ones, and those of which that can't be said.
    var pending: [SourceFile] = []
    /// The ids of files that are gone.
    var removed: [String] = []
    /// The number of files that are as they were.
    var unchanged = 0
    /// Whether the source must be asked for its files.
    var needsListing = false

    /// Compares a scan with the folder.
    ///
    /// - Parameter files: what the source has now; `nil` when no file has come or gone.
    static func take(
        of source: some FileSource, against scan: FolderScan, files: [SourceFile]?
    ) async throws -> FolderSurvey {
        guard !scan.parts.isEmpty else {
            return FolderSurvey(pending: files ?? [], needsListing: files == nil)
        }
        let step = 16
        return try await withThrowingTaskGroup(of: (Int, FolderSurvey).self) { group in
            var surveys: [Int: FolderSurvey] = [:]
            for start in stride(from: 0, to: scan.parts.count, by: step) {
                if start / step >= 2 * ProcessInfo.processInfo.activeProcessorCount,
                    let (i, survey) = try await group.next()
                { surveys[i] = survey }
                let end = min(start + step, scan.parts.count)
                let own = files.map { files in
                    files[
                        (start == 0 ? 0 : files.place(of: scan.parts[start]))..<(end == scan.parts.count
                            ? files.count : files.place(of: scan.parts[end]))]
                }
                group.addTask {
                    let records = try await scan.store.reading { database in
                        try scan.parts[start..<end].flatMap { try scan.records(ofPart: $0, database) }
                    }
                    return (start, compare(records, own, in: source))
                }
            }
            while let (i, survey) = try await group.next() { surveys[i] = survey }
            return surveys.sorted { $0.key < $1.key }.reduce(into: FolderSurvey()) { all, next in
                all.pending += next.value.pending
                all.removed += next.value.removed
                all.unchanged += next.value.unchanged
                all.needsListing = all.needsListing || next.value.needsListing
            }
        }
    }

    private static func compare(
        _ records: [FileRecord], _ files: ArraySlice<SourceFile>?, in source: some FileSource
    ) -> FolderSurvey {
        var survey = FolderSurvey()
        let folder = source.folder + "/"
        func isUnchanged(_ record: FileRecord) -> Bool {
            record.stamp.map { FileStamp(folder + record.entry.id) == $0 } ?? false
        }
        guard var files else {
            for record in records {
                if isUnchanged(record) {
                    survey.unchanged += 1
                } else {
                    survey.pending.append(SourceFile(id: record.entry.id))
                }
                // Only the listing tells why something is no file.
                if record.isUnreadable { survey.needsListing = true }
            }
            return survey
        }
        for record in records {
            let id = record.entry.id
            while let file = files.first, file.id.utf8.lexicographicallyPrecedes(id.utf8) {
                survey.pending.append(file)
                files = files.dropFirst()
            }
            guard let file = files.first, file.id.utf8.elementsEqual(id.utf8) else {
                survey.removed.append(id)
                continue
            }
            files = files.dropFirst()
            if file.failure == nil, isUnchanged(record) {
                survey.unchanged += 1
            } else {
                survey.pending.append(file)
            }
        }
        survey.pending += files
        return survey
    }
}

extension [SourceFile] {
    /// The place of the first file that does not come before an id.
    fileprivate func place(of id: String) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].id.utf8.lexicographicallyPrecedes(id.utf8) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
