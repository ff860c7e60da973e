/// The columns of a dataset and what is known of each.
public struct DataSchema: Sendable, Hashable, Codable {
    /// The columns, in the order of their names.
    public var columns: [ColumnSchema]

    /// Makes a schema.
    public init(_ columns: [ColumnSchema]) { self.columns = columns.sorted { $0.name < $1.name } }

    /// Infers a schema from a profile, so in one pass and with bounded memory.
    ///
    /// Whole numbers among numbers are numbers; any other mixture is text. A column of text has a domain when it has at
    /// most `maxDomain` different values, each ten times on average, and the profile has counted them all.
    public init(inferredFrom profile: DatasetProfile, maxDomain: Int = 20) {
        self.init(
            profile.columns.map { name, column in
                let kind = Self.kind(of: column)
                let values = column.frequent.items
                let isClosed =
                    kind == .text && column.frequent.error == 0 && !column.isTextCut && values.count <= maxDomain
                    && column.count - column.nulls >= 10 * values.count
                return ColumnSchema(
                    name, kind, isNullable: column.nulls > 0, domain: isClosed ? values.map(\.value).sorted() : nil)
            })
    }

    /// Infers a schema from a table.
    public init(inferredFrom table: DataTable, maxDomain: Int = 20) throws {
        self.init(inferredFrom: try DatasetProfile(of: table), maxDomain: maxDomain)
    }

    /// The column of a name.
    public subscript(name: String) -> ColumnSchema? { columns.first { $0.name == name } }

    private static func kind(of column: ColumnProfile) -> DataValue.Kind {
        let kinds = Set(column.kinds.keys).subtracting([.null])
        if kinds.isEmpty { return .null }
        if kinds.count == 1, let only = kinds.first { return only }
        return kinds == [.integer, .number] ? .number : .text
    }

    /// What data of this schema are expected to be: the anomaly report is the report of this suite.
    ///
    /// Columns that are not in the schema pass; compare inferred schemas to find them.
    public var expectations: ExpectationSuite {
        ExpectationSuite(
            columns.flatMap { column in
                var checks: [DataExpectation.Check] = [.exists]
                if column.kind != .null { checks.append(.ofKind(column.kind)) }
                if !column.isNullable { checks.append(.notNull) }
                if let domain = column.domain { checks.append(.inSet(domain.map(DataValue.text))) }
                return checks.map { DataExpectation(column.name, $0) }
            })
    }
}
