internal import MLOpsCore

/// Whose records are erased.
public enum ErasureSubject: Sendable, Hashable, Codable {
    /// All records that have this value of this attribute, such as `owner`.
    case attribute(String, value: String)
    /// The records with these ids.
    case records(Set<String>)

    /// Whether an entry belongs to the subject.
    public func includes(_ entry: DatasetEntry) -> Bool {
        switch self {
        case .attribute(let name, let value): entry.attributes[name] == value
        case .records(let ids): ids.contains(entry.id)
        }
    }

    /// SHA-256 of the canonical JSON of what names the subject: a receipt can be matched with a request, and does not
    /// name the person.
    var digest: Digest {
        get throws {
            switch self {
            case .attribute(let name, let value): try Digest(ofJSON: ["attribute": name, "value": value])
            case .records(let ids): try Digest(ofJSON: ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            }
        }
    }
}
