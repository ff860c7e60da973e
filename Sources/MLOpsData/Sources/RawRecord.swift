public import Foundation

/// A record as it comes from a source: an id, its bytes, its label, and what else is known of it.
public struct RawRecord: Sendable, Hashable {
    /// The name of the record in its source, such as a path; unique there.
    public var id: String
    /// The content, such as the bytes of a JPEG.
    public var bytes: Data
    /// The class by the source; `nil` when not labeled.
    public var label: String?
    /// What else is known, such as `camera`, `group` and `capturedAt`.
    public var attributes: [String: String]
    /// Why the source could not read this record's bytes; `nil` when it could.
    ///
    /// A bad record does not end a source's stream; ingestion writes it to the reject log.
    public var readFailure: String?

    /// Makes a record.
    public init(
        id: String, bytes: Data, label: String? = nil, attributes: [String: String] = [:], readFailure: String? = nil
    ) {
        self.id = id
        self.bytes = bytes
        self.label = label
        self.attributes = attributes
        self.readFailure = readFailure
    }

    /// About how many bytes it takes in memory.
    package var heldBytes: Int {
        attributes.reduce(bytes.count + id.utf8.count + (label?.utf8.count ?? 0)) {
            $0 + $1.key.utf8.count + $1.value.utf8.count
        }
    }

    /// Why it can't be kept as it is: a database would end its id or label at a NUL.
    var fault: String? {
        id.utf8.contains(0) || label?.utf8.contains(0) == true ? "The id or the label has a NUL." : nil
    }

    /// Why a name can't be the id of a record; `nil` when it can.
    ///
    /// A line feed or another control character would break the lists, logs and terminals that show ids.
    package static func fault(inID id: String) -> String? {
        guard let control = id.unicodeScalars.first(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            return nil
        }
        return "The name has the control character U+\(String(format: "%04X", control.value))."
    }
}
