internal import MLOpsCore

/// What is known of a dataset's records, for ``IssueScan`` to look at; parts that are not known stay empty.
///
/// All parts have one element a record, in the same order.
public struct IssueSubject: Sendable, Hashable {
    /// The ids of the records.
    public let ids: [String]
    /// The columns.
    public let table: DataTable
    /// The column that holds the labels; `nil` when there are none.
    public let labelColumn: String?
    /// Numbers that describe each record, [n, d], such as those of ``PictureMeasures``; empty when there are none.
    public var features: [[Double]] = []
    /// The fingerprints of the records' pictures; empty when they are not pictures.
    public var prints: [PictureFingerprint] = []
    /// A model's probability of each class, out of fold, [n, K], classes in the order of their UTF-8 bytes; or empty.
    public var probabilities: [[Double]] = []

    /// Describes a table.
    ///
    /// - Throws: ``MLOpsError`` with `notFound` when there is no such column of labels, `invalidArgument` for a number of
    ///   ids that is not that of the rows.
    public init(_ table: DataTable, ids: [String]? = nil, labelColumn: String? = nil) throws {
        if let labelColumn { _ = try table.column(labelColumn) }
        let ids = ids ?? (0..<table.rowCount).map { "row-\($0 + 1)" }
        guard ids.count == table.rowCount else {
            throw MLOpsError(
                .invalidArgument, "\(ids.count) ids can't name \(table.rowCount) rows.", help: "Give one id a row.")
        }
        self.ids = ids
        self.table = table
        self.labelColumn = labelColumn
    }

    /// Describes the entries of a version, without their ids as a column: those are to differ.
    public init(_ version: DatasetVersion) throws {
        let table = try DataTable(version)
        try self.init(
            DataTable(table.columns.filter { $0.name != "id" }), ids: version.entries.map(\.id), labelColumn: "label")
    }

    /// The label of each record as text; `nil` where there is none.
    public var labels: [String?] {
        guard let labelColumn, let column = table[labelColumn] else { return ids.map { _ in nil } }
        return column.values.map { $0.isNull ? nil : $0.text }
    }

    /// The labels that there are, in the order of their UTF-8 bytes.
    public var classes: [String] {
        Set(labels.compactMap { $0 }).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The columns that do not hold the labels.
    var otherColumns: [DataTable.Column] { table.columns.filter { $0.name != labelColumn } }
}
