public import MLOpsCore

extension Table {
    /// The rows [N · columns], row-major, as a preprocessing takes them.
    ///
    /// - Throws: ``MLOpsError`` with `notFound` for a column that the table lacks, `invalidArgument` when its values
    ///   are of another kind, or one is missing that nothing replaces.
    public func rows(for preprocessing: TabularPreprocessing) throws -> [Double] {
        let columns = preprocessing.columns
        var rows = [Double](repeating: .nan, count: rowCount * columns.count)
        for (place, column) in columns.enumerated() {
            guard let values = self[column.name] else {
                throw MLOpsError(
                    .notFound, "The table has no column '\(column.name)'.",
                    help: "Its columns are \(names.joined(separator: ", ")).")
            }
            let codes = column.codes
            for row in 0..<rowCount {
                let value: RowValue =
                    switch values {
                    case .numbers(let numbers): numbers[row].isNaN ? .missing : .number(numbers[row])
                    case .texts(let texts): texts[row].map { .text($0) } ?? .missing
                    }
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
    public func row(of values: [String: RowValue]) throws -> [Double] {
        if let unknown = values.keys.sorted().first(where: { name in !columns.contains { $0.name == name } }) {
            throw MLOpsError(
                .invalidArgument, "There is no column '\(unknown)'.",
                help: "The columns are \(columns.map(\.name).joined(separator: ", ")).")
        }
        return try columns.map { try $0.number(for: values[$0.name] ?? .missing, codes: $0.codes) }
    }
}

extension TabularPreprocessing.Column {
    /// The number of each category; `nil` for a column of numbers.
    fileprivate var codes: [String: Double]? {
        categories.map { Dictionary($0.enumerated().map { ($1, Double($0)) }) { first, _ in first } }
    }

    fileprivate func number(for value: RowValue, codes: [String: Double]?) throws -> Double {
        switch (value, codes) {
        case (.missing, _):
            guard replacement != nil else {
                throw MLOpsError(
                    .invalidArgument, "The value of '\(name)' is missing.",
                    help: "Give one, or prepare the column with an imputation.")
            }
            return .nan
        case (.number(let number), nil) where number.isFinite: return number
        case (.text(let text), let codes?): return codes[text] ?? -1
        default:
            throw MLOpsError(
                .invalidArgument, "The value of '\(name)' is \(value), which the column can't have.",
                help: categories == nil ? "Give a finite number." : "Give a text.")
        }
    }
}
