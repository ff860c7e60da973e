public import MLOpsCore

extension FeatureColumn {
    /// The numbers of the column.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for a column of categories, or a value that is not finite.
    public func finiteNumbers() throws -> [Double] {
        guard case .numeric(let numbers) = values else {
            throw MLOpsError(
                .invalidArgument, "The column '\(name)' holds categories, but the detector takes numbers.",
                help: "Use a detector for categories, such as ChiSquaredDetector.")
        }
        if let index = numbers.firstIndex(where: { !$0.isFinite }) {
            throw MLOpsError(
                .invalidArgument, "The value \(numbers[index]) at index \(index) of '\(name)' is not finite.",
                help: "Leave such values out; IntegrityMonitor reports them.")
        }
        return numbers
    }

    /// The categories of the column.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for a column of numbers.
    public func categories() throws -> [String] {
        guard case .categorical(let categories) = values else {
            throw MLOpsError(
                .invalidArgument, "The column '\(name)' holds numbers, but the detector takes categories.",
                help: "Use a detector for numbers, such as KolmogorovSmirnovDetector.")
        }
        return categories
    }
}

extension FeatureColumn {
    /// The columns of captured predictions: each numeric feature by its name, and `prediction`, the label given.
    ///
    /// A feature that is missing, or not finite, in a record is left out there; an abstention is the category
    /// `(abstained)`. Columns are in the order of their names, `prediction` last.
    public static func columns(of predictions: [PredictionRecord]) -> [FeatureColumn] {
        let names = Set(predictions.flatMap(\.features.keys)).sorted()
        return names.map { name in
            FeatureColumn(name, predictions.compactMap { $0.features[name] }.filter(\.isFinite))
        } + [FeatureColumn("prediction", categories: predictions.map { $0.label ?? "(abstained)" })]
    }
}
