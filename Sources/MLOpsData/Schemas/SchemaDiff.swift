/// How one schema differs from another, and whether what reads data of the old one can read data of the new one.
public struct SchemaDiff: Sendable, Hashable, Codable {
    /// What a change means for a reader of the old schema.
    public enum Compatibility: String, Sendable, Hashable, Codable {
        /// Nothing changed.
        case identical
        /// All new data are valid by the old schema, but for columns that it does not know.
        case compatible
        /// There may be new data that a reader of the old schema does not expect.
        case breaking
    }

    /// One difference.
    public struct Change: Sendable, Hashable, Codable {
        /// What changed.
        public enum Kind: String, Sendable, Hashable, Codable {
            /// A column is new; compatible.
            case columnAdded
            /// A column is gone; breaking.
            case columnRemoved
            /// Whole numbers where numbers were, or nothing where there was something that may be missing; compatible.
            case kindNarrowed
            /// Any other kind than before; breaking.
            case kindChanged
            /// Values may be missing that could not; breaking.
            case becameNullable
            /// Values are there that could be missing; compatible.
            case becameRequired
            /// Values that were not in the domain, or no domain any more; breaking.
            case domainGrew
            /// Values are gone from the domain, or there is one now; compatible.
            case domainShrank
        }

        /// The name of the column.
        public var column: String
        /// What changed.
        public var kind: Kind
        /// What it was; empty for a column that was not there.
        public var from: String
        /// What it is; empty for a column that is gone.
        public var to: String

        /// Whether a reader of the old schema may meet what it does not expect.
        public var isBreaking: Bool {
            switch kind {
            case .columnAdded, .kindNarrowed, .becameRequired, .domainShrank: false
            case .columnRemoved, .kindChanged, .becameNullable, .domainGrew: true
            }
        }
    }

    /// The differences, by the names of their columns.
    public let changes: [Change]

    /// Compares two schemas.
    public init(from old: DataSchema, to new: DataSchema) {
        let names = Set(old.columns.map(\.name) + new.columns.map(\.name)).sorted()
        changes = names.flatMap { name -> [Change] in
            switch (old[name], new[name]) {
            case (let before?, let after?): Self.changes(from: before, to: after)
            case (let before?, nil):
                [Change(column: name, kind: .columnRemoved, from: before.kind.rawValue, to: "")]
            case (nil, let after): [Change(column: name, kind: .columnAdded, from: "", to: after?.kind.rawValue ?? "")]
            }
        }
    }

    /// What the differences mean together.
    public var compatibility: Compatibility {
        changes.isEmpty ? .identical : changes.contains(where: \.isBreaking) ? .breaking : .compatible
    }

    private static func changes(from old: ColumnSchema, to new: ColumnSchema) -> [Change] {
        var changes: [Change] = []
        func add(_ kind: Change.Kind, _ from: String, _ to: String) {
            changes.append(Change(column: old.name, kind: kind, from: from, to: to))
        }
        if old.kind != new.kind {
            let isNarrower = (old.kind == .number && new.kind == .integer) || (new.kind == .null && old.isNullable)
            add(isNarrower ? .kindNarrowed : .kindChanged, old.kind.rawValue, new.kind.rawValue)
        }
        if old.isNullable != new.isNullable {
            let (from, to) = old.isNullable ? ("nullable", "required") : ("required", "nullable")
            add(new.isNullable ? .becameNullable : .becameRequired, from, to)
        }
        if old.domain != new.domain {
            let from = old.domain?.joined(separator: ", ") ?? "any"
            let to = new.domain?.joined(separator: ", ") ?? "any"
            let isWider = old.domain.map { old in new.domain.map { !Set($0).isSubset(of: old) } ?? true } ?? false
            add(isWider ? .domainGrew : .domainShrank, from, to)
        }
        return changes
    }
}
