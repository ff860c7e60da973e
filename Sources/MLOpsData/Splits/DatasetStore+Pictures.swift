internal import MLOpsCore

extension DatasetStore {
    /// What `measure` makes of each entry's picture, in the order of the entries, on all cores.
    ///
    /// At most 256 pictures are under way at once, so memory does not grow with the number of entries.
    func pictures<Value: Sendable>(
        of entries: [DatasetEntry], decoder: ImageDecoder, atLeast side: Int, _ activity: String,
        _ progress: any ProgressSink, measure: @escaping @Sendable (DatasetEntry, Image) throws -> Value
    ) async throws -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(entries.count)
        for start in stride(from: 0, to: entries.count, by: 256) {
            let some = entries[start..<min(start + 256, entries.count)]
            values += try await withThrowingTaskGroup(of: (Int, Value).self) { group in
                for (i, entry) in some.enumerated() {
                    group.addTask {
                        let bytes = try await bytes(of: entry)
                        return (i, try measure(entry, decoder.decode(bytes, atLeast: (width: side, height: side))))
                    }
                }
                var found = [Value?](repeating: nil, count: some.count)
                for try await (i, value) in group { found[i] = value }
                return found.compactMap { $0 }
            }
            progress.report(ProgressUpdate(activity, completed: values.count, total: entries.count))
        }
        return values
    }
}
