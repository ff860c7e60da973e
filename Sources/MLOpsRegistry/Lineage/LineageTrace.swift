public import Foundation
public import MLOpsCore

/// A thing and all that it came from, as a tree for people: each thing stands below what came from it.
public struct LineageTrace: Sendable, Hashable, Codable {
    /// One line of the tree.
    public struct Entry: Sendable, Hashable, Codable {
        /// How far it is from the root; 0 for the root.
        public let depth: Int
        /// The thing.
        public let node: LineageNode
        /// How it came to be, in verbs.
        public let activities: [String]
        /// When it came to be; `nil` when no event says so.
        public let at: Date?
        /// What is known about it.
        public let attributes: [String: String]
        /// For a dataset, how many records it holds; they are not listed.
        public let recordCount: Int
        /// Whether it stands further up as well, where what it came from is listed.
        public let isRepeated: Bool
    }

    /// The lines, each thing followed by what it came from.
    public let entries: [Entry]
}

extension LineageTrace: CustomStringConvertible {
    /// The tree, a line a thing, indented by two spaces a level.
    public var description: String {
        entries.map { entry in
            var line = String(repeating: "  ", count: entry.depth) + entry.node.description
            if !entry.activities.isEmpty { line += ", " + entry.activities.joined(separator: " and ") }
            if let at = entry.at { line += " " + at.formatted(.iso8601) }
            if entry.isRepeated { return line + " (see above)" }
            if entry.recordCount > 0 { line += ", \(entry.recordCount) records" }
            let attributes = entry.attributes.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
            if !attributes.isEmpty { line += " [" + attributes.joined(separator: ", ") + "]" }
            return line
        }.joined(separator: "\n")
    }
}
