/// What is known of a column: its type, whether it may be empty, and which values it takes.
public struct ColumnSchema: Sendable, Hashable, Codable {
    /// The name.
    public var name: String
    /// What its values are; never ``DataValue/Kind/null`` unless all are.
    public var kind: DataValue.Kind
    /// Whether values may be missing.
    public var isNullable: Bool
    /// The values that there are, in ascending order; `nil` when any text will do.
    public var domain: [String]?

    /// Describes a column.
    public init(_ name: String, _ kind: DataValue.Kind, isNullable: Bool = false, domain: [String]? = nil) {
        self.name = name
        self.kind = kind
        self.isNullable = isNullable
        self.domain = domain
    }
}
