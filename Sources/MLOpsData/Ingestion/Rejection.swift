/// A record that ingestion did not take in.
public struct Rejection: Sendable, Hashable, Codable {
    /// The place of the record in its source, from 0; below 0 when it is not known.
    public var offset: Int
    /// The id of the record; empty when it was erased.
    public var id: String
    /// The kind of reason: `unreadable`, `empty`, `duplicate`, `conflictingLabel`, `duplicateID`, `erased`, or the code of
    /// the error that a check threw, such as `corruptData`.
    public var code: String
    /// The reason, for people.
    public var reason: String

    static let erasedReason = "Its bytes were erased, and are not taken in again."

    /// The rejection of a record with the bytes of an earlier one.
    static func repeated(
        _ entry: DatasetEntry, of first: String, labeled label: String?, at offset: Int
    ) -> Rejection {
        entry.label == label
            ? Rejection(
                offset: offset, id: entry.id, code: "duplicate", reason: "\(sameBytes(as: first)).")
            : Rejection(
                offset: offset, id: entry.id, code: "conflictingLabel",
                reason: "\(sameBytes(as: first)), which is labeled '\(label ?? "")', not '\(entry.label ?? "")'.")
    }

    /// How the reason begins that names the first record with the same bytes.
    static func sameBytes(as first: String) -> String { "It has the same bytes as '\(first)'" }

    /// Makes a rejection.
    public init(offset: Int, id: String, code: String, reason: String) {
        self.offset = offset
        self.id = id
        self.code = code
        self.reason = reason
    }
}
