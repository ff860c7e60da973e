internal import MLOpsCore

extension Ingestion {
    /// Takes in a source that can only be read in order.
    func ingest(
        stream source: any DataSource<RawRecord>, into store: DatasetStore, total: Int?, _ progress: any ProgressSink
    ) async throws -> IngestionSummary {
        var journal = try await IngestionJournal.open(name, in: store)
        let start = journal.position
        let read = try await takeIn(source, &journal) { journal in
            progress.report(
                ProgressUpdate(
                    "Ingesting", completed: journal.position.offset, total: total,
                    remark: "\(journal.rejected) rejected"))
        }
        return try await end(journal, read: read, resumedFrom: start)
    }

    /// Makes the version of what a run that was ended has committed; a camera's never ends by itself.
    ///
    /// - Throws: ``MLOpsError`` as ``ingest(from:into:total:progress:)``; `insufficientData` too when there is no such run.
    public func finish(in store: DatasetStore) async throws -> IngestionSummary {
        let journal = try await IngestionJournal.open(name, in: store)
        return try await end(journal, read: 0, resumedFrom: journal.position)
    }

    private func end(
        _ journal: IngestionJournal, read: Int, resumedFrom start: SourcePosition
    ) async throws -> IngestionSummary {
        try hook(.contentsRead)
        let result: (digest: Digest, accepted: Int, rejected: Int)
        do { result = try await journal.commitVersion(check: checkContents) } catch let error as MLOpsError
            where error.code == .insufficientData
        {
            try await journal.discard()
            throw error
        }
        try hook(.versionCommitted)
        try await journal.discard()
        return IngestionSummary(
            digest: result.digest, accepted: result.accepted, rejected: result.rejected, read: read, resumedFrom: start)
    }

    /// Returns the number of records read.
    private func takeIn(
        _ source: any DataSource<RawRecord>, _ journal: inout IngestionJournal, report: (IngestionJournal) -> Void
    ) async throws -> Int {
        let (start, known) = (journal.position.offset, journal)
        // The record before the position is read again, to see that the source is still the same; a camera has no past.
        let first = source.isRepeatable ? max(0, start - 1) : start
        var records = source.records(from: SourcePosition(offset: first)).makeAsyncIterator()
        var read = first
        // What came before the source failed is taken in: a camera's can't be read again.
        var failure: (any Error)?
        func next() async throws -> RawRecord? {
            if failure != nil { return nil }
            do {
                if let record = try await records.next()?.record {
                    read += 1
                    return record
                }
            } catch {
                failure = error
                return nil
            }
            if read < start { throw changed(known, nil) }
            return nil
        }
        if first < start, let record = try await next(), let last = known.lastID,
            !record.id.utf8.elementsEqual(last.utf8)
        {
            throw changed(known, record.id)
        }
        let hook = hook
        let rest = try await pipeline.run(
            &journal,
            jobs: {
                let offset = read
                var some: [RawRecord] = []
                var bytes = 0
                // What comes slowly does not wait for company.
                var last = ContinuousClock.now
                repeat {
                    guard let record = try await next() else { break }
                    some.append(record)
                    bytes += record.heldBytes
                    let now = ContinuousClock.now
                    if now - last > .milliseconds(5) { break }
                    last = now
                } while some.count < 16 && bytes < 1 << 20
                let job = some
                return some.isEmpty
                    ? nil
                    : CheckingJob(records: some.count, bytes: bytes) {
                        job.enumerated().map { check($1, at: offset + $0) }
                    }
            },
            commit: { journal, batch in
                var journal = journal
                try await journal.commit(batch, before: hook)
                return journal
            }, report: report)
        try Task.checkCancellation()
        if !rest.isEmpty {
            try await journal.commit(rest, before: hook)
            report(journal)
        }
        if let failure { throw failure }
        return read - start
    }

    private func changed(_ journal: IngestionJournal, _ id: String?) -> MLOpsError {
        MLOpsError(
            .invalidArgument,
            "The source has changed since the broken run of '\(name)': record \(journal.position.offset - 1) was "
                + "'\(journal.lastID ?? "")', and is now \(id.map { "'\($0)'" } ?? "missing").",
            help: "Call discard(in:) to begin again, or restore the source.")
    }
}
