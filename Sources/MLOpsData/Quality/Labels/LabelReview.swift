public import MLOpsCore

/// Labels for people to look at, with what they decided; kept as JSON between sittings.
public struct LabelReview: Sendable, Hashable, Codable {
    /// What a person decides about a label.
    public enum Decision: Sendable, Hashable, Codable {
        /// The label is right.
        case keep
        /// Another label is right.
        case relabel(String)
        /// The record is of no class, or of several: it is dropped.
        case remove
    }

    /// A label to look at.
    public struct Item: Sendable, Hashable, Codable {
        /// The id of the record.
        public var id: String
        /// The label that it has.
        public var given: String
        /// The label that is more probable.
        public var suggested: String
        /// The probability of the label that it has.
        public var selfConfidence: Double
        /// What was decided; `nil` while nobody has.
        public var decision: Decision?
        /// Who decided it.
        public var reviewer: String?
    }

    /// The version that the labels are of.
    public let dataset: Digest
    /// The labels, the most suspicious first.
    public private(set) var items: [Item]

    /// Queues the issues of a version's labeled entries.
    ///
    /// - Parameter entries: what the issues' places are into.
    /// - Throws: ``MLOpsError`` with `invalidArgument` for an issue that is not of these entries and labels.
    public init(_ issues: [LabelIssue], of version: DatasetVersion, entries: [DatasetEntry]) throws {
        dataset = version.digest
        items = try issues.map { issue in
            guard entries.indices.contains(issue.index), version.labels.indices.contains(issue.suggested),
                let given = entries[issue.index].label
            else {
                throw MLOpsError(
                    .invalidArgument, "The issue \(issue) is not of these \(entries.count) entries.",
                    help: "Give the entries whose probabilities were judged.")
            }
            return Item(
                id: entries[issue.index].id, given: given, suggested: version.labels[issue.suggested],
                selfConfidence: issue.selfConfidence)
        }
    }

    /// The next label to look at; `nil` when all are decided.
    public var next: Item? { items.first { $0.decision == nil } }

    /// Writes down what somebody decided; throws `notFound` for a record that is not in the queue.
    public mutating func decide(_ id: String, _ decision: Decision, by reviewer: String) throws {
        guard let place = items.firstIndex(where: { $0.id == id }) else {
            throw MLOpsError(.notFound, "'\(id)' is not to be reviewed.", help: "Give the id of one of the items.")
        }
        items[place].decision = decision
        items[place].reviewer = reviewer
    }

    /// The entries of the version with the decisions carried out.
    ///
    /// - Throws: ``MLOpsError`` with `digestMismatch` for another version than the one that was reviewed.
    public func corrected(_ version: DatasetVersion) throws -> DatasetVersion {
        guard version.digest == dataset else {
            throw MLOpsError(
                .digestMismatch, "The review is of \(dataset.short), not of \(version.digest.short).",
                help: "Open the version that was reviewed.")
        }
        let decisions = Dictionary(items.map { ($0.id, $0.decision) }, uniquingKeysWith: { $1 })
        return try DatasetVersion(
            entries: version.entries.compactMap { entry in
                var entry = entry
                switch decisions[entry.id] ?? nil {
                case .relabel(let label): entry.label = label
                case .remove: return nil
                case .keep, nil: break
                }
                return entry
            }, rejected: version.rejected)
    }
}
