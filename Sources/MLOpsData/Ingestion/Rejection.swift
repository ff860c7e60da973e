/// A record that ingestion did not take in.
public struct Rejection: Sendable, Hashable, Codable {
    /// The place of the record in its source, from 0.
    public var offset: Int
    /// The id of the record.
    public var id: String
    /// The kind of reason: `unreadable`, `empty`, `duplicate`, `conflictingLabel`, `duplicateID`, or the code of the
    /// error that a check threw, such as `corruptData`.
    public var code: String
    /// The reason, for people.
    public var reason: String

    /// Makes a rejection.
    public init(offset: Int, id: String, code: String, reason: String) {
        self.offset = offset
        self.id = id
        self.code = code
        self.reason = reason
    }
}
