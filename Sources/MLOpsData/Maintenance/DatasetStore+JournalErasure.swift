internal import Foundation
internal import GRDB
internal import MLOpsCore

extension DatasetStore {
    /// A subject's records that ingestions under way have taken in.
    func journalEntries(of subject: ErasureSubject, _ database: Database) throws -> [DatasetEntry] {
        var entries: [DatasetEntry] = []
        let rows = try Row.fetchCursor(database, sql: "SELECT id, digest, label, attributes FROM accepted")
        while let row = try rows.next() {
            let text = try row.decode(String.self, atIndex: 3)
            let entry = DatasetEntry(
                id: try row.decode(atIndex: 0), digest: try row.digest(1), label: try row.decode(atIndex: 2),
                attributes: try CanonicalJSON.decode(
                    [String: String].self, from: Data(text.utf8), source: "the journal"))
            if subject.includes(entry) { entries.append(entry) }
        }
        let parts = try Row.fetchCursor(database, sql: "SELECT body FROM scan_part")
        while let row = try parts.next() {
            for record in try FileRecord.decode([UInt8](row.decode(Data.self, atIndex: 0)))
            where record.isStored && subject.includes(record.entry) { entries.append(record.entry) }
        }
        return entries
    }

    /// Takes a subject's records, and their names, out of the journals of streams that are read: these go on as if the
    /// records had come after the erasure, and had been rejected.
    func eraseFromJournals(_ content: Set<Digest>, named: Set<String>, _ database: Database) throws {
        var ids: [Int64: Set<[UInt8]>] = [:]
        for digest in content {
            let rows = try Row.fetchAll(
                database, sql: "DELETE FROM accepted WHERE digest = ? RETURNING ingestion, id, offset",
                arguments: [digest.blob])
            for row in rows {
                let key: Int64 = try row.decode(atIndex: 0)
                ids[key, default: []].insert(Array(try row.decode(String.self, atIndex: 1).utf8))
                try reject(at: row.decode(atIndex: 2), in: key, database)
            }
        }
        for row in try Row.fetchAll(database, sql: "SELECT key, last_id FROM ingestion") {
            let key: Int64 = try row.decode(atIndex: 0)
            let names = ids[key, default: []].union(named.map { Array($0.utf8) })
            try eraseRejections(naming: names, erased: ids[key, default: []], in: key, database)
            if let last = try row.decode(String?.self, atIndex: 1), names.contains(Array(last.utf8)) {
                try database.execute(sql: "UPDATE ingestion SET last_id = NULL WHERE key = ?", arguments: [key])
            }
            try database.execute(
                sql: """
                    UPDATE ingestion SET accepted = (SELECT count(*) FROM accepted WHERE ingestion = key),
                        rejected = (SELECT count(*) FROM rejected WHERE ingestion = key) WHERE key = ?
                    """, arguments: [key])
        }
    }

    /// Enters what was erased as rejected, without its name, so that the counts still add up to the records read.
    private func reject(at offset: Int, in ingestion: Int64, _ database: Database) throws {
        // Places in a run that an earlier release has begun are not known; these count down from -1.
        try database.execute(
            sql: """
                INSERT INTO rejected (ingestion, offset, id, code, reason) VALUES (?1, iif(?2 >= 0, ?2,
                    (SELECT min(0, ifnull(min(offset), 0)) - 1 FROM rejected WHERE ingestion = ?1)), '', 'erased', ?3)
                """, arguments: [ingestion, offset, Rejection.erasedReason])
    }

    /// A rejected record may have the name of an erased one, or its reason tell it; one with the same bytes is erased
    /// too.
    private func eraseRejections(
        naming names: Set<[UInt8]>, erased: Set<[UInt8]>, in ingestion: Int64, _ database: Database
    ) throws {
        guard !names.isEmpty else { return }
        let texts = QuotedNames(names)
        let repeats = erased.map { Rejection.sameBytes(as: String(decoding: $0, as: UTF8.self)) }
        let rows = try Row.fetchAll(
            database, sql: "SELECT offset, id, code, reason FROM rejected WHERE ingestion = ?", arguments: [ingestion])
        for row in rows {
            let (id, reason): (String, String) = (try row.decode(atIndex: 1), try row.decode(atIndex: 3))
            guard names.contains(Array(id.utf8)) || texts.occur(in: reason) else { continue }
            let isRepeat = repeats.contains(where: reason.hasPrefix)
            try database.execute(
                sql: "UPDATE rejected SET id = '', code = ?, reason = ? WHERE ingestion = ? AND offset = ?",
                arguments: [
                    isRepeat ? "erased" : try row.decode(String.self, atIndex: 2),
                    isRepeat ? Rejection.erasedReason : "What named the record was erased.", ingestion,
                    try row.decode(Int.self, atIndex: 0),
                ])
        }
    }
}
