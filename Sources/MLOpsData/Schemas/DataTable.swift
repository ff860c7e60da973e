internal import MLOpsCore

/// Records as columns of equal length, in memory.
public struct DataTable: Sendable, Hashable {
    /// A column with its values, one a row.
    public struct Column: Sendable, Hashable {
        /// The name.
        public var name: String
        /// The value of each row.
        public var values: [DataValue]

        /// Makes a column.
        public init(_ name: String, _ values: [DataValue]) {
            self.name = name
            self.values = values
        }
    }

    /// The columns.
    public let columns: [Column]
    /// The number of rows.
    public let rowCount: Int

    /// Makes a table of columns.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for two columns of one name, or of different lengths.
    public init(_ columns: [Column]) throws {
        rowCount = columns.first?.values.count ?? 0
        var names: Set<String> = []
        for column in columns {
            guard column.values.count == rowCount, names.insert(column.name).inserted else {
                throw MLOpsError(
                    .invalidArgument,
                    "The column '\(column.name)' of \(column.values.count) values is not one of \(rowCount), or not the first.",
                    help: "Give columns of equal length, each with a name of its own.")
            }
        }
        self.columns = columns
    }

    /// Makes a table of rows; a field that a row does not have is null there. Columns come in the order of their names.
    public init(rows: [[String: DataValue]]) throws {
        let names = Set(rows.flatMap(\.keys)).sorted()
        try self.init(names.map { name in Column(name, rows.map { $0[name] ?? .null }) })
    }

    /// The ids, labels and attributes of a version's entries, as columns `id`, `label` and the names of the attributes.
    ///
    /// An attribute that is called `id` or `label` gives way to the entry's own.
    public init(_ version: DatasetVersion) throws {
        let entries = version.entries
        let names = Set(entries.flatMap(\.attributes.keys)).subtracting(["id", "label"]).sorted()
        try self.init(
            [
                Column("id", entries.map { .text($0.id) }),
                Column("label", entries.map { $0.label.map(DataValue.text) ?? .null }),
            ] + names.map { name in Column(name, entries.map { DataValue(parsing: $0.attributes[name] ?? "") }) })
    }

    /// The column of a name; `nil` when there is none.
    public subscript(name: String) -> Column? { columns.first { $0.name == name } }

    /// The column of a name; throws `notFound`, naming the columns there are.
    public func column(_ name: String) throws -> Column {
        if let column = self[name] { return column }
        throw MLOpsError(
            .notFound, "There is no column '\(name)'.",
            help: "The columns are \(columns.map(\.name).joined(separator: ", ")).")
    }
}
