public import Foundation
internal import MLOpsCore

/// Keeps what a ``Governor`` did.
///
/// Promises of a conformer: what `append` returned from is kept after a kill; `events` gives it in the same order.
public protocol GovernanceLog: Sendable {
    /// Keeps an event.
    func append(_ event: GovernanceEvent) async throws
    /// All events, oldest first.
    func events() async throws -> [GovernanceEvent]
}

/// A ``GovernanceLog`` that lives as long as the process.
public actor InMemoryGovernanceLog: GovernanceLog {
    private var kept: [GovernanceEvent] = []

    /// Makes an empty log.
    public init() {}

    /// Keeps an event.
    public func append(_ event: GovernanceEvent) { kept.append(event) }

    /// All events.
    public func events() -> [GovernanceEvent] { kept }
}

/// A ``GovernanceLog`` in a file of JSON lines, flushed to the disk.
public actor FileGovernanceLog: GovernanceLog {
    private let url: URL
    private let file: JSONLinesFile<GovernanceEvent>

    /// Opens a log, which is made when it is not there; a torn last line is cut off.
    ///
    /// - Throws: ``MLOpsError`` with `storage`.
    public init(at url: URL) throws {
        self.url = url
        file = try JSONLinesFile(at: url)
    }

    /// Appends an event.
    public func append(_ event: GovernanceEvent) throws { try file.append([event]) }

    /// All events; throws `corruptData` when a whole line is no event.
    public func events() throws -> [GovernanceEvent] { try JSONLinesFile<GovernanceEvent>.read(url) }
}
