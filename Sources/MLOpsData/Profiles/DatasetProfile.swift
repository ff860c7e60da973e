internal import MLOpsCore

/// What the columns of a dataset hold: made in one pass, merged of parts, and kept as JSON.
///
///     var profile = DatasetProfile()
///     for row in rows { try profile.add(row) }
///     try profile.merge(yesterday)
public struct DatasetProfile: Sendable, Hashable, Codable {
    /// The number of rows.
    public private(set) var rowCount = 0
    /// The columns by their names.
    public private(set) var columns: [String: ColumnProfile] = [:]
    /// The most columns that are profiled; each takes about 10 kB.
    public let maxColumns: Int

    /// Starts with no rows.
    public init(maxColumns: Int = 1000) { self.maxColumns = maxColumns }

    /// Reads a profile; a column of another number of rows is a decoding error.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        rowCount = try container.decode(Int.self, forKey: .rowCount)
        columns = try container.decode([String: ColumnProfile].self, forKey: .columns)
        maxColumns = try container.decode(Int.self, forKey: .maxColumns)
        guard (0...maxSketchCount).contains(rowCount), columns.values.allSatisfy({ $0.count == rowCount }) else {
            throw decoder.damaged("profile")
        }
    }

    /// Profiles the attributes and labels of the records of a source, in one pass.
    ///
    /// Labels become the column `label`; a record that the source could not read is passed over.
    ///
    /// - Throws: what the source throws, and ``MLOpsError`` with `limitExceeded` for more columns than `maxColumns`.
    public init(of source: any DataSource<RawRecord>, maxColumns: Int = 1000) async throws {
        self.init(maxColumns: maxColumns)
        for try await sourced in source.records(from: .start) where sourced.record.readFailure == nil {
            var row = sourced.record.attributes.mapValues { DataValue(parsing: $0) }
            row["label"] = sourced.record.label.map(DataValue.text) ?? .null
            try add(row)
        }
    }

    /// Profiles a table.
    ///
    /// - Throws: ``MLOpsError`` with `limitExceeded` for more columns than `maxColumns`.
    public init(of table: DataTable, maxColumns: Int = 1000) throws {
        self.init(maxColumns: maxColumns)
        try require(table.columns.count)
        rowCount = table.rowCount
        for column in table.columns { columns[column.name] = ColumnProfile(of: column.values) }
    }

    /// Takes in a row; a column that it does not have is null there.
    ///
    /// - Throws: ``MLOpsError`` with `limitExceeded` for more columns than ``maxColumns``.
    public mutating func add(_ row: [String: DataValue]) throws {
        for name in row.keys where columns[name] == nil {
            try require(columns.count + 1)
            columns[name] = ColumnProfile(nulls: rowCount)
        }
        rowCount += 1
        for name in columns.keys { columns[name]?.add(row[name] ?? .null) }
    }

    /// Takes in the rows of another.
    ///
    /// - Throws: ``MLOpsError`` with `limitExceeded` for more columns than ``maxColumns``.
    public mutating func merge(_ other: DatasetProfile) throws {
        let names = Set(columns.keys).union(other.columns.keys)
        try require(names.count)
        for name in names {
            var column = columns[name] ?? ColumnProfile(nulls: rowCount)
            try column.merge(other.columns[name] ?? ColumnProfile(nulls: other.rowCount))
            columns[name] = column
        }
        rowCount += other.rowCount
    }

    private func require(_ count: Int) throws {
        guard count <= maxColumns else {
            throw MLOpsError(
                .limitExceeded, "The data have more than \(maxColumns) columns.",
                help: "Raise maxColumns, or choose the columns to profile.")
        }
    }
}
