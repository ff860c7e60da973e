internal import Foundation
internal import MLOpsCore

/// What has changed in a folder since its last scan, by stamps alone.
struct FolderSurvey: Sendable {
    /// The files to read: new ones, changed ones, and those of which that can't be said.
    var pending = FileList()
    /// The ids of files that are gone, in order.
    var removed: [String] = []
    /// The number of files that are as they were.
    var unchanged = 0
    /// Whether the source must be asked for its files.
    var needsListing = false

    /// Compares a scan with the folder.
    ///
    /// - Parameter files: what the source has now; `nil` when no file has come or gone.
    static func take(
        of source: some FileSource, against scan: FolderScan, files: FileList?
    ) async throws -> FolderSurvey {
        guard !scan.parts.isEmpty else {
            return FolderSurvey(pending: files ?? FileList(), needsListing: files == nil)
        }
        let step = 16
        return try await withThrowingTaskGroup(of: (Int, FolderSurvey).self) { group in
            var surveys: [Int: FolderSurvey] = [:]
            for start in stride(from: 0, to: scan.parts.count, by: step) {
                if start / step >= 2 * ProcessInfo.processInfo.activeProcessorCount,
                    let (i, survey) = try await group.next()
                {
                    surveys[i] = survey
                }
                let end = min(start + step, scan.parts.count)
                let own = files.map { files in
                    files[
                        (start == 0 ? 0 : files.place(of: scan.parts[start]))..<(end == scan.parts.count
                            ? files.count : files.place(of: scan.parts[end]))]
                }
                group.addTask {
                    let bodies = try await scan.store.reading { database in
                        try scan.parts[start..<end].map { try scan.body(ofPart: $0, database) }
                    }
                    return (start, try own.map { try compare(bodies, $0, in: source) } ?? look(bodies, in: source))
                }
            }
            while let (i, survey) = try await group.next() { surveys[i] = survey }
            return surveys.sorted { $0.key < $1.key }.reduce(into: FolderSurvey()) { all, next in
                all.pending.append(contentsOf: next.value.pending)
                all.removed += next.value.removed
                all.unchanged += next.value.unchanged
                all.needsListing = all.needsListing || next.value.needsListing
            }
        }
    }

    /// Looks at the files of some parts, where it is known that none has come or gone.
    private static func look(_ bodies: [[UInt8]], in source: some FileSource) throws -> FolderSurvey {
        var survey = FolderSurvey()
        var path = Array((source.folder + "/").utf8)
        let start = path.count
        for body in bodies {
            try FileRecord.glance(at: body) { id, stamp, isUnreadable in
                path.replaceSubrange(start..., with: id)
                path.append(0)
                let isUnchanged =
                    stamp != nil
                    && path.withUnsafeBytes {
                        $0.assumingMemoryBound(to: CChar.self).baseAddress.flatMap { FileStamp(bytes: $0) } == stamp
                    }
                if isUnchanged {
                    survey.unchanged += 1
                } else {
                    survey.pending.append(SourceFile(id: String(decoding: id, as: UTF8.self)))
                }
                // Only the listing tells why something is no file.
                if isUnreadable { survey.needsListing = true }
            }
        }
        return survey
    }

    /// Compares the files of some parts with those of the listing.
    private static func compare(
        _ bodies: [[UInt8]], _ files: Slice<FileList>, in source: some FileSource
    ) throws -> FolderSurvey {
        var (survey, files) = (FolderSurvey(), files)
        let folder = source.folder + "/"
        func isUnchanged(_ record: FileRecord) -> Bool {
            record.stamp.map { FileStamp(folder + record.entry.id) == $0 } ?? false
        }
        for record in try bodies.flatMap(FileRecord.decode) {
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
        survey.pending.append(contentsOf: files)
        return survey
    }
}
