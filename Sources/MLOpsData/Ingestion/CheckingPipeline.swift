internal import Foundation
internal import MLOpsCore

/// A record with the outcome of its checks.
struct CheckedRecord: Sendable {
    var record: RawRecord
    /// The place of the record in its source, from 0.
    var offset: Int
    var digest: Digest
    var rejection: Rejection?
    /// The stamp of the file that it was read from; `nil` when it may not be relied on.
    var stamp: FileStamp?
}

/// Some records to read and check.
struct CheckingJob: Sendable {
    /// The number of records.
    var records: Int
    /// Their bytes.
    var bytes: Int
    var run: @Sendable () -> [CheckedRecord]
}

/// Runs jobs on all cores and hands their records on in order, batch by batch; one batch is committed while the next
/// is checked.
struct CheckingPipeline: Sendable {
    var batchSize: Int
    /// The longest that checked records wait before a batch that is not full is committed.
    var longestWait: Duration

    private static let maxRecords = 512
    private static let maxBytes = 64 << 20

    private enum Outcome<State: Sendable>: Sendable {
        case checked(Int, CheckingJob, [CheckedRecord])
        case committed(State)
    }

    /// Runs all jobs.
    ///
    /// - Parameters:
    ///   - state: what is committed so far.
    ///   - next: the next job, or `nil` at the end.
    ///   - commit: commits a batch, and returns the state after it.
    /// - Returns: the records behind the last full batch, not committed.
    func run<State: Sendable>(
        _ state: inout State, jobs next: () async throws -> CheckingJob?,
        commit: @escaping @Sendable (State, [CheckedRecord]) async throws -> State, report: (State) -> Void
    ) async throws -> [CheckedRecord] {
        try await withThrowingTaskGroup(of: Outcome<State>.self) { group in
            var (added, expected) = (0, 0)
            var inFlight = (records: 0, bytes: 0)
            // What waits for an earlier job counts as in flight, so that one slow file does not let the rest pile up.
            var early: [Int: (job: CheckingJob, records: [CheckedRecord])] = [:]
            var batch: [CheckedRecord] = []
            // Of the batch that waits, and of the one that is being committed.
            var (waitingBytes, committingBytes) = (0, 0)
            var isCommitting = false
            var lastCommit = ContinuousClock.now
            func take(_ outcome: Outcome<State>) {
                switch outcome {
                case .checked(let index, let job, let records):
                    early[index] = (job, records)
                    while let done = early.removeValue(forKey: expected) {
                        expected += 1
                        inFlight.records -= done.job.records
                        inFlight.bytes -= done.job.bytes
                        waitingBytes += done.records.reduce(0) { $0 + $1.record.heldBytes }
                        batch += done.records
                    }
                case .committed(let new):
                    state = new
                    (isCommitting, committingBytes, lastCommit) = (false, 0, .now)
                    report(state)
                }
            }
            /// The batch to commit now, if any.
            func due() -> [CheckedRecord]? {
                guard !isCommitting, !batch.isEmpty else { return nil }
                guard
                    batch.count >= batchSize || waitingBytes >= Self.maxBytes / 4
                        || ContinuousClock.now - lastCommit > longestWait
                else { return nil }
                let some = Array(batch.prefix(batchSize))
                batch.removeFirst(some.count)
                committingBytes = some.reduce(0) { $0 + $1.record.heldBytes }
                waitingBytes -= committingBytes
                isCommitting = true
                return some
            }
            func isFull() -> Bool {
                inFlight.records >= Self.maxRecords || batch.count >= 2 * max(batchSize, Self.maxRecords)
                    || inFlight.bytes + waitingBytes + committingBytes > Self.maxBytes
            }
            /// Whether what a slow source has given must be looked after before more is asked of it.
            func isLate() -> Bool {
                (inFlight.records > 0 || !batch.isEmpty || isCommitting)
                    && ContinuousClock.now - lastCommit > longestWait
            }
            while let job = try await next() {
                let index = added
                added += 1
                inFlight.records += job.records
                inFlight.bytes += job.bytes
                group.addTask { .checked(index, job, job.run()) }
                while isFull() || isLate(), let outcome = try await group.next() {
                    take(outcome)
                    if let some = due() { add(some, state, commit, to: &group) }
                }
            }
            while let outcome = try await group.next() {
                take(outcome)
                if let some = due() { add(some, state, commit, to: &group) }
            }
            return batch
        }
    }

    private func add<State: Sendable>(
        _ batch: [CheckedRecord], _ state: State,
        _ commit: @escaping @Sendable (State, [CheckedRecord]) async throws -> State,
        to group: inout ThrowingTaskGroup<Outcome<State>, any Error>
    ) {
        group.addTask {
            let new = try await commit(state, batch)
            try Task.checkCancellation()
            return .committed(new)
        }
    }
}
