/// Keeps the records of a study's trials.
///
/// Promises of a conformer: a record that `append` returned from is kept after a kill; `records` gives every record
/// once, in the order they came.
public protocol TrialJournal<Parameters>: Sendable {
    associatedtype Parameters: Sendable & Codable
    /// All records so far.
    func records() async throws -> [TrialRecord<Parameters>]
    /// Keeps a record.
    func append(_ record: TrialRecord<Parameters>) async throws
}

/// A ``TrialJournal`` that lives as long as the process.
public actor InMemoryTrialJournal<Parameters: Sendable & Codable>: TrialJournal {
    private var kept: [TrialRecord<Parameters>] = []

    /// Makes an empty journal.
    public init() {}

    /// All records so far.
    public func records() -> [TrialRecord<Parameters>] { kept }

    /// Keeps a record.
    public func append(_ record: TrialRecord<Parameters>) { kept.append(record) }
}
