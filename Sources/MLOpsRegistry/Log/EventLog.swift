internal import Foundation
internal import GRDB
internal import MLOpsCore

/// Writes and reads the hash-chained log in the registry's file.
enum EventLog {
    /// Adds an entry, inside the caller's transaction.
    static func append(
        _ change: RegistryEvent.Change, by who: String, why: String, at now: Date, to db: Database
    ) throws -> RegistryEvent {
        let last = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT number, at, digest FROM event ORDER BY number DESC LIMIT 1"))
        let at = max(now.milliseconds, last?["at"] ?? .min)
        let event = RegistryEvent(
            number: (last?["number"] ?? 0) + 1, previous: try last?.digest("digest"), at: Date(milliseconds: at),
            who: who, why: why, change: change)
        let body = try CanonicalJSON.encode(event)
        try db.run(
            "INSERT INTO event (number, at, model, alias, subject, body, digest) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                event.number, at, change.model, change.alias, change.subject?.hex,
                String(decoding: body, as: UTF8.self), Digest(of: body).hex,
            ])
        return event
    }

    /// The entries that a condition selects, oldest first.
    static func events(_ db: Database, where condition: String, _ arguments: StatementArguments) throws
        -> [RegistryEvent]
    {
        try String.fetchAll(
            db, sql: "SELECT body FROM event WHERE \(condition) ORDER BY number", arguments: arguments
        ).map(decode)
    }

    /// Checks the chain, entry by entry, and returns its head; `nil` for an empty log.
    ///
    /// - Parameter visit: gets each entry.
    static func verify(_ db: Database, including noted: LogHead?, visit: (RegistryEvent) throws -> Void) throws
        -> LogHead?
    {
        var head: LogHead?
        var sawNoted = noted == nil
        let rows = try Row.fetchCursor(db, sql: "SELECT * FROM event ORDER BY number")
        while let row = try rows.next() {
            let number: Int = row["number"]
            let body: String = row["body"]
            let digest = Digest(of: Data(body.utf8))
            let event = try decode(body)
            guard number == (head?.number ?? 0) + 1, event.number == number else {
                throw broken(number, "its number does not follow \(head?.number ?? 0)")
            }
            guard try row.digest("digest") == digest else { throw broken(number, "its content was changed") }
            guard event.previous == head?.digest else { throw broken(number, "it does not follow the entry before it") }
            let indexed: (String?, String?, String?) = (row["model"], row["alias"], row["subject"])
            guard indexed == (event.change.model, event.change.alias, event.change.subject?.hex),
                row["at"] == event.at.milliseconds
            else { throw broken(number, "its index was changed") }
            head = LogHead(number: number, digest: digest)
            if head == noted { sawNoted = true }
            try visit(event)
        }
        guard sawNoted else {
            throw MLOpsError(
                .digestMismatch,
                "The log has no entry \(noted?.number ?? 0) with the noted digest; it ends at \(head?.number ?? 0).",
                help: "The log was cut or rewritten; compare it with a copy.")
        }
        return head
    }

    /// The error of a log that is not what was written.
    static func broken(_ number: Int, _ what: String) -> MLOpsError {
        MLOpsError(
            .digestMismatch, "Entry \(number) of the registry's log is not genuine: \(what).",
            help: "Someone or something changed the file; compare it with a copy.")
    }

    private static func decode(_ body: String) throws -> RegistryEvent {
        try CanonicalJSON.decode(RegistryEvent.self, from: Data(body.utf8), source: "the registry's log")
    }
}
