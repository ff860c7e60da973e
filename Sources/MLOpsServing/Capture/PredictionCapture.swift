internal import Logging
internal import MLOpsCore
internal import Synchronization

/// Keeps answered requests in a prediction log, off the way of the answers.
///
/// What does not fit into the queue is counted and let go; answering never waits for the log.
final class PredictionCapture: Sendable {
    /// How many rows were kept, let go because the queue was full, and lost because the log failed.
    struct Counts: Sendable, Hashable {
        var captured = 0
        var dropped = 0
        var failed = 0
    }

    private struct State {
        var waiting: [CapturedAnswer] = []
        var bytes = 0
        var counts = Counts()
    }

    let log: any PredictionLog
    private let capacity: Int
    private let maximumBytes: Int
    private let logger: Logger
    private let state = Mutex(State())
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init(to log: any PredictionLog, capacity: Int, maximumBytes: Int, logger: Logger) {
        self.log = log
        self.capacity = capacity
        self.maximumBytes = maximumBytes
        self.logger = logger
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var counts: Counts { state.withLock(\.counts) }

    /// Puts an answer into the queue, or counts its rows as dropped when the queue is full.
    func offer(_ answer: CapturedAnswer) {
        let size = answer.byteCount
        let fits = state.withLock { state in
            guard state.waiting.count < capacity, state.bytes + size <= maximumBytes else {
                state.counts.dropped += answer.rowCount
                return false
            }
            state.waiting.append(answer)
            state.bytes += size
            return true
        }
        if fits { signal.yield() }
    }

    /// Writes what is in the queue to the log until ``finish()``, and then what is left.
    func drain() async {
        for await _ in signals { await flush() }
        await flush()
    }

    /// Ends ``drain()``.
    func finish() { signal.finish() }

    private func flush() async {
        let answers = state.withLock { state in
            let waiting = state.waiting
            state.waiting = []
            return waiting
        }
        guard !answers.isEmpty else { return }
        var records: [PredictionRecord] = []
        var failed = 0
        for answer in answers {
            do { records += try answer.records() } catch {
                failed += answer.rowCount
                logger.error("capturing '\(answer.id)' failed: \(error)")
            }
        }
        do { try await log.append(records) } catch {
            failed += records.count
            records = []
            logger.error("the prediction log refused \(answers.count) answers: \(error)")
        }
        // The inputs count against the limit until they are written.
        state.withLock { state in
            state.bytes -= answers.reduce(0) { $0 + $1.byteCount }
            state.counts.captured += records.count
            state.counts.failed += failed
        }
    }
}
