internal import Foundation
public import MLOpsCore

/// What is to be done with the columns of a table before a model learns from them; a value, to be fitted on training
/// data.
///
/// ``fit(on:)`` measures what it needs, such as means and categories, and gives a `TabularPreprocessing`, which holds
/// all of it: the trainer, the exported model and the server use that one value. It takes the training part alone,
/// by its type, so nothing of what is held out can leak into a mean.
public struct Preparation: Sendable, Hashable, Codable {
    /// What is to be done with each column, in the order in which they come in a row; columns not named are left out.
    public var columns: [ColumnPreparation]
    /// The most categories that a column may have.
    public var maximumCategories: Int

    /// Makes a preparation.
    public init(_ columns: [ColumnPreparation], maximumCategories: Int = 1_000) {
        self.columns = columns
        self.maximumCategories = maximumCategories
    }

    /// Measures the training data.
    ///
    /// - Throws: ``MLOpsError`` with `notFound` for a column that the table lacks, `invalidArgument` when a column's
    ///   values are not of the kind that is asked for, are infinite, or are missing with nothing to replace them,
    ///   `insufficientData` when a column has no value, `limitExceeded` for too many categories.
    public func fit(on training: TabularDataset<TrainingPart>) throws -> TabularPreprocessing {
        let table = training.table
        var result: [TabularPreprocessing.Column] = []
        var features: [TabularPreprocessing.Feature] = []
        for (index, column) in columns.enumerated() {
            let fitted = try column.fit(table.column(column.name).values, maximumCategories: maximumCategories)
            result.append(
                .init(column.name, categories: fitted.categories, replacement: fitted.replacement))
            for (suffix, rule) in fitted.rules {
                features.append(.init(column.name + suffix, column: index, rule: rule))
            }
        }
        return try TabularPreprocessing(columns: result, features: features)
    }
}
