public import MLOpsCore

extension DataTable {
    /// Reads columns from the attributes of entries, one row an entry; an attribute that is absent or "" is null.
    ///
    /// - Throws: ``MLOpsCore/MLOpsError`` with `invalidArgument` when a number is asked for and the text is none.
    init(of entries: [DatasetEntry], numbers: [String], texts: [String]) throws {
        func text(_ entry: DatasetEntry, _ name: String) -> String? {
            entry.attributes[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        let numeric = try numbers.map { name in
            let values = try entries.map { entry -> DataValue in
                guard let text = text(entry, name) else { return .null }
                if let number = Double(text), number.isFinite { return .number(number) }
                throw MLOpsError(
                    .invalidArgument, "'\(name)' of '\(entry.id)' is '\(text.prefix(100))', which is no finite number.",
                    help: "Correct the value, leave it empty, or take the column as text.")
            }
            return Column(name, values)
        }
        let textual = texts.map { name in
            Column(name, entries.map { entry in text(entry, name).map(DataValue.text) ?? .null })
        }
        try self.init(numeric + textual)
    }

    /// The rows [N · columns], row-major, as a preprocessing takes them.
    ///
    /// - Throws: ``MLOpsCore/MLOpsError`` with `notFound` for a column that the table lacks, `invalidArgument` when its
    ///   values are of another kind, or one is null that nothing replaces.
    public func rows(for preprocessing: TabularPreprocessing) throws -> [Double] {
        let columns = preprocessing.columns
        var rows = [Double](repeating: .nan, count: rowCount * columns.count)
        for (place, column) in columns.enumerated() {
            let codes = column.codes
            for (row, value) in try self.column(column.name).values.enumerated() {
                rows[row * columns.count + place] = try column.number(for: value, codes: codes)
            }
        }
        return rows
    }
}

extension TabularPreprocessing {
    /// The numbers [columns] of one row; a column that is not among the values is missing.
    ///
    /// - Throws: ``MLOpsCore/MLOpsError`` with `invalidArgument` for a value that belongs to no column or is of another
    ///   kind than its column's, or one that is missing and that nothing replaces.
    public func row(of values: [String: DataValue]) throws -> [Double] {
        if let unknown = values.keys.sorted().first(where: { name in !columns.contains { $0.name == name } }) {
            throw MLOpsError(
                .invalidArgument, "There is no column '\(unknown.prefix(100))'.",
                help: "The columns are \(columns.map(\.name).joined(separator: ", ")).")
        }
        return try columns.map { try $0.number(for: values[$0.name] ?? .null, codes: $0.codes) }
    }
}

extension TabularPreprocessing.Column {
    /// The number of each category; `nil` for a column of numbers.
    fileprivate var codes: [String: Double]? {
        categories.map { Dictionary($0.enumerated().map { ($1, Double($0)) }) { first, _ in first } }
    }

    fileprivate func number(for value: DataValue, codes: [String: Double]?) throws -> Double {
        switch (value, codes) {
        case (.null, _):
            guard replacement != nil else {
                throw MLOpsError(
                    .invalidArgument, "The value of '\(name)' is missing.",
                    help: "Give one, or prepare the column with an imputation.")
            }
            return .nan
        case (.text(let text), let codes?): return codes[text] ?? -1
        default:
            if codes == nil, let number = value.number { return number }
            throw MLOpsError(
                .invalidArgument,
                "The value of '\(name)' is \(value.kind.rawValue) '\(value.text.prefix(100))', which the column can't have.",
                help: categories == nil ? "Give a finite number." : "Give a text.")
        }
    }
}
