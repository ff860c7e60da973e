internal import Foundation
internal import GRDB
internal import MLOpsCore

extension DatasetStore {
    /// The digests of a subject's records that ingestions under way have taken in.
    func journalContent(of subject: ErasureSubject, _ database: Database) throws -> Set<Digest> {
        var content: Set<Digest> = []
        let rows = try Row.fetchCursor(database, sql: "SELECT id, digest, label, attributes FROM accepted")
        while let row = try rows.next() {
            let text = try row.decode(String.self, atIndex: 3)
            let entry = DatasetEntry(
                id: try row.decode(atIndex: 0), digest: try row.digest(1), label: try row.decode(atIndex: 2),
                attributes: try CanonicalJSON.decode(
                    [String: String].self, from: Data(text.utf8), source: "the journal"))
            if subject.includes(entry) { content.insert(entry.digest) }
        }
        let parts = try Row.fetchCursor(database, sql: "SELECT body FROM scan_part")
        while let row = try parts.next() {
            for record in try FileRecord.decode([UInt8](row.decode(Data.self, atIndex: 0)))
            where record.isStored && subject.includes(record.entry) { content.insert(record.entry.digest) }
        }
        return content
    }

    /// Takes a subject's records, and their names, out of the journals of streams that are read: these go on as if the
    /// records had not been accepted.
    func eraseFromJournals(_ content: Set<Digest>, of subject: ErasureSubject, _ database: Database) throws {
        var ids: [Int64: Set<[UInt8]>] = [:]
        for digest in content {
            let rows = try Row.fetchAll(
                database, sql: "DELETE FROM accepted WHERE digest = ? RETURNING ingestion, id", arguments: [digest.blob]
            )
            for row in rows {
                ids[try row.decode(atIndex: 0), default: []].insert(Array(try row.decode(String.self, atIndex: 1).utf8))
            }
        }
        let named: Set<String> = if case .records(let names) = subject { names } else { [] }
        for row in try Row.fetchAll(database, sql: "SELECT key, last_id FROM ingestion") {
            let key: Int64 = try row.decode(atIndex: 0)
            let names = ids[key, default: []].union(named.map { Array($0.utf8) })
            try eraseRejections(naming: names, in: key, database)
            if let last = try row.decode(String?.self, atIndex: 1), names.contains(Array(last.utf8)) {
                try database.execute(sql: "UPDATE ingestion SET last_id = NULL WHERE key = ?", arguments: [key])
            }
            try database.execute(
                sql: """
                    UPDATE ingestion SET accepted = (SELECT count(*) FROM accepted WHERE ingestion = key) WHERE key = ?
                    """, arguments: [key])
        }
    }

    /// A rejected record may have the name of an erased one, or its reason tell it.
    private func eraseRejections(naming names: Set<[UInt8]>, in ingestion: Int64, _ database: Database) throws {
        guard !names.isEmpty else { return }
        let texts = names.map { "'\(String(decoding: $0, as: UTF8.self))'" }
        let rows = try Row.fetchAll(
            database, sql: "SELECT offset, id, reason FROM rejected WHERE ingestion = ?", arguments: [ingestion])
        for row in rows {
            let (id, reason): (String, String) = (try row.decode(atIndex: 1), try row.decode(atIndex: 2))
            guard names.contains(Array(id.utf8)) || texts.contains(where: reason.contains) else { continue }
            try database.execute(
                sql: "UPDATE rejected SET id = '', reason = ? WHERE ingestion = ? AND offset = ?",
                arguments: [
                    "What named the record was erased.", ingestion, try row.decode(Int.self, atIndex: 0),
                ])
        }
    }
}
