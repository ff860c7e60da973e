internal import Foundation
internal import GRDB
public import MLOpsCore

extension DatasetStore {
    /// Gives a version a name, or moves a name to it; where the name was before stays in its history.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for a name that ``checkTag(_:)`` refuses, `notFound` for an
    ///   unknown version.
    public func tag(_ digest: Digest, as name: String) throws {
        try Self.checkTag(name)
        let now = clock.now()
        try writeNow { batch in
            _ = try header(of: digest, in: batch.database)
            try Self.move(tag: name, to: digest, at: now, in: batch.database)
        }
    }

    /// Whether a name can be a tag.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for a name not made of letters, digits, `.`, `_` and `-`, or one
    ///   that could be the first digits of a digest.
    public static func checkTag(_ name: String) throws {
        let isName = !name.isEmpty && name.utf8.count <= 100 && !name.hasPrefix(".")
        let isDigest = name.utf8.count >= 6 && name.allSatisfy(\.isHexDigit)
        guard isName, !isDigest,
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) })
        else {
            throw MLOpsError(
                .invalidArgument, "'\(name.prefix(100))' can't be a tag.",
                help:
                    "Use up to 100 ASCII letters, digits, '.', '_' and '-', with no '.' in front, and not six or more "
                    + "hexadecimal digits alone, which name a version by its digest.")
        }
    }

    /// Takes a tag away; its history stays.
    ///
    /// - Throws: ``MLOpsError`` with `notFound`.
    public func untag(_ name: String) throws {
        let now = clock.now()
        try writeNow { batch in
            guard try Self.tags(in: batch.database)[name] != nil else {
                throw MLOpsError(
                    .notFound, "There is no tag '\(name)' in \(root.path).",
                    help: "Its tags are \(try Self.tags(in: batch.database).keys.sorted()).")
            }
            try Self.move(tag: name, to: nil, at: now, in: batch.database)
        }
    }

    /// The versions by their tags.
    public func tags() throws -> [String: Digest] { try readingNow { try Self.tags(in: $0) } }

    /// Where tags were put, and when, from the first on.
    ///
    /// - Parameter name: of one tag only, or `nil` for all.
    public func tagHistory(of name: String? = nil) throws -> [TagMove] {
        try readingNow { database in
            try Row.fetchAll(
                database, sql: "SELECT name, digest, at FROM tag WHERE ?1 IS NULL OR name = ?1 ORDER BY sequence",
                arguments: [name]
            ).map { row in
                let isOn = try row.decode(Data?.self, atIndex: 1) != nil
                return TagMove(
                    name: try row.decode(atIndex: 0), digest: isOn ? try row.digest(1) : nil,
                    at: Date(milliseconds: try row.decode(atIndex: 2)))
            }
        }
    }

    static func tags(in database: Database) throws -> [String: Digest] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT name, digest FROM tag WHERE sequence IN (SELECT max(sequence) FROM tag GROUP BY name)
                AND digest IS NOT NULL
                """)
        return try rows.reduce(into: [:]) { $0[try $1.decode(String.self, atIndex: 0)] = try $1.digest(1) }
    }

    static func move(tag name: String, to digest: Digest?, at time: Date, in database: Database) throws {
        guard try tags(in: database)[name] != digest else { return }
        try database.execute(
            sql: "INSERT INTO tag (name, digest, at) VALUES (?, ?, ?)",
            arguments: [name, digest?.blob, time.milliseconds])
    }
}
