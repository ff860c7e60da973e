internal import Foundation
internal import GRDB
internal import MLOpsCore

/// Enters the digests of all objects that are needed into the table `temp.marked`.
struct Marker {
    private let store: DatasetStore
    private let database: Database
    private let insertion: Statement
    /// The nodes of manifests that were walked. A node may have been marked without: a record can have its bytes.
    private var walked: Set<Digest.Key> = []

    init(store: DatasetStore, database: Database) throws {
        self.store = store
        self.database = database
        insertion = try database.makeStatement(sql: "INSERT OR IGNORE INTO temp.marked (digest) VALUES (?)")
    }

    /// Marks from all roots, and says how much was first reached from each.
    mutating func mark() throws -> [GarbageReport.Root] {
        var roots: [GarbageReport.Root] = []
        func root(_ name: String, _ body: () throws -> Int) throws {
            roots.append(GarbageReport.Root(name: name, objects: try body()))
        }
        let versions = try Row.fetchAll(database, sql: "SELECT digest, rejections FROM version ORDER BY sequence")
        for row in versions {
            let digest = try row.digest(0)
            try root("version \(digest)") {
                let log = try row.decode(Data?.self, atIndex: 1) == nil ? 0 : insert(row.digest(1))
                return try insert(digest) + log + mark(version: digest)
            }
        }
        for row in try Row.fetchAll(database, sql: "SELECT key, name FROM ingestion ORDER BY name") {
            let (key, name): (Int64, String) = (try row.decode(atIndex: 0), try row.decode(atIndex: 1))
            try root("ingestion \(name)") {
                try database.execute(
                    sql: "INSERT OR IGNORE INTO temp.marked SELECT digest FROM accepted WHERE ingestion = ?",
                    arguments: [key])
                return database.changesCount
            }
        }
        for row in try Row.fetchAll(database, sql: "SELECT key, name, version FROM scan ORDER BY name") {
            let (key, name): (Int64, String) = (try row.decode(atIndex: 0), try row.decode(atIndex: 1))
            try root("scan \(name)") { try mark(scan: key, version: row.decode(Data?.self, atIndex: 2)) }
        }
        return roots
    }

    /// Marks one object; returns 1 when it was not marked before.
    private func insert(_ digest: Digest) throws -> Int {
        try insertion.execute(arguments: [digest.blob])
        return database.changesCount
    }

    /// Marks the nodes and the records of a version; what is below a walked node is marked already.
    private mutating func mark(version digest: Digest) throws -> Int {
        let header = try store.header(of: digest, in: database)
        guard let tree = header.tree else { return 0 }
        var objects = 0
        try store.trees(in: database).forEachLeaf(
            tree.digest, entries: tree.entries,
            enter: { node in
                objects += try insert(node)
                return walked.insert(node.key).inserted
            }
        ) { entries in for entry in entries { objects += try insert(entry.digest) } }
        return objects
    }

    /// Marks what a folder's scan has stored on the way to a version.
    private func mark(scan: Int64, version: Data?) throws -> Int {
        let isUnderWay =
            try Row.fetchOne(
                database, sql: "SELECT 1 FROM scan_part WHERE scan = ? AND is_new = 1 LIMIT 1", arguments: [scan])
            != nil
        if version != nil, !isUnderWay { return 0 }
        var objects = 0
        let parts = try Row.fetchCursor(
            database, sql: "SELECT body FROM scan_part WHERE scan = ?", arguments: [scan])
        while let row = try parts.next() {
            for record in try FileRecord.decode([UInt8](row.decode(Data.self, atIndex: 0))) where record.isStored {
                // An old record's bytes may be garbage since its file changed.
                let isThere = try Row.fetchOne(
                    database, sql: "SELECT 1 FROM object WHERE digest = ?", arguments: [record.entry.digest.blob])
                if isThere != nil { objects += try insert(record.entry.digest) }
            }
        }
        return objects
    }
}
