internal import Foundation
internal import MLOpsCore

/// Rows in memory, as named columns of equal length.
public struct Table: Sendable, Hashable {
    /// The values of a column.
    public enum Column: Sendable, Hashable {
        /// Numbers; NaN where missing.
        case numbers([Double])
        /// Texts, such as the names of categories; `nil` where missing.
        case texts([String?])

        /// The number of values.
        public var count: Int {
            switch self {
            case .numbers(let values): values.count
            case .texts(let values): values.count
            }
        }
    }

    /// The names of the columns, in order.
    public let names: [String]
    /// The number of rows.
    public let rowCount: Int
    private let columns: [String: Column]

    /// Makes a table of columns.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when two have one name, or their lengths differ.
    public init(_ columns: [(name: String, values: Column)]) throws {
        names = columns.map(\.name)
        rowCount = columns.first?.values.count ?? 0
        self.columns = try columns.reduce(into: [:]) { byName, column in
            guard byName.updateValue(column.values, forKey: column.name) == nil else {
                throw MLOpsError(
                    .invalidArgument, "Two columns are named '\(column.name)'.", help: "Give each a name of its own.")
            }
        }
        for (name, values) in columns where values.count != rowCount {
            throw MLOpsError(
                .invalidArgument,
                "The column '\(name)' has \(values.count) values, but '\(names[0])' has \(rowCount).",
                help: "Give each column a value for each row; NaN or nil where it is missing.")
        }
    }

    /// Reads columns from the attributes of entries, one row an entry; an attribute that is absent or "" is missing.
    ///
    /// - Parameters:
    ///   - numbers: the attributes that are numbers.
    ///   - texts: the attributes that are texts.
    /// - Throws: ``MLOpsError`` with `invalidArgument` when a number is asked for and the text is none.
    public init(of entries: [DatasetEntry], numbers: [String], texts: [String]) throws {
        func value(_ entry: DatasetEntry, _ name: String) -> String? {
            entry.attributes[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        let numeric = try numbers.map { name in
            let values = try entries.map { entry in
                guard let text = value(entry, name) else { return Double.nan }
                if let number = Double(text), number.isFinite { return number }
                throw MLOpsError(
                    .invalidArgument, "'\(name)' of '\(entry.id)' is '\(text)', which is no finite number.",
                    help: "Correct the value, leave it empty, or take the column as text.")
            }
            return (name: name, values: Column.numbers(values))
        }
        let textual = texts.map { name in
            (name: name, values: Column.texts(entries.map { value($0, name) }))
        }
        try self.init(numeric + textual)
    }

    /// The column of a name; `nil` when there is none.
    public subscript(name: String) -> Column? { columns[name] }
}
