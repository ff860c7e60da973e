public import MLOpsTrain

/// Checks the promises of an ``MLOpsTrain/TrialJournal``.
public struct TrialJournalExam: Sendable {
    private let open: @Sendable () async throws -> any TrialJournal<[Double]>
    private let isDurable: Bool

    /// Makes an exam.
    ///
    /// - Parameters:
    ///   - isDurable: whether opening again shows what was appended before; a journal in memory does not.
    ///   - open: opens the journal: empty at first and, when it is durable, the same one each time.
    public init(isDurable: Bool = true, open: @escaping @Sendable () async throws -> any TrialJournal<[Double]>) {
        self.isDurable = isDurable
        self.open = open
    }

    /// Runs the exam; throws an ``ExamFailure`` for the first promise that is not kept.
    public func run() async throws {
        let records: [TrialRecord<[Double]>] = [
            TrialRecord(
                number: 2, point: [0.1, 1.0 / 3], parameters: [1], state: .complete, value: 0.1 + 0.2, duration: 1),
            TrialRecord(
                number: 0, point: [], parameters: [], state: .failed, value: nil, duration: 0, error: "a\n\"line\""),
            TrialRecord(number: 1, point: [1], parameters: [.pi], state: .pruned, value: -1e-300, duration: 0.5),
        ]
        let journal = try await open()
        try require(try await journal.records().isEmpty, "a new journal is empty")
        for record in records { try await journal.append(record) }
        try require(try await journal.records() == records, "records come back as they were, in their order")
        if isDurable {
            try require(try await open().records() == records, "records are kept after opening again, bit for bit")
        }
    }
}
