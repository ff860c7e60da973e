public import Foundation

/// One example of a training set: an entity, and the time at which a prediction would be asked for.
public struct TrainingQuery: Sendable, Hashable {
    /// Which entity.
    public var entity: String
    /// As of when its features are wanted.
    public var time: Date

    /// Makes a query.
    public init(_ entity: String, at time: Date) {
        self.entity = entity
        self.time = time
    }
}

/// The features of training queries, a row for each in their order.
public struct TrainingFeatures: Sendable, Hashable {
    /// The queries.
    public let queries: [TrainingQuery]
    /// The names of the columns, `view.column`.
    public let columns: [String]
    /// The values by column, each with one for each query; `nil` where nothing was known, or it was too old.
    public let values: [String: [FeatureValue?]]

    /// The features of one query.
    public func row(_ index: Int) -> [String: FeatureValue] {
        columns.reduce(into: [:]) { if let value = values[$1]?[index] { $0[$1] = value } }
    }
}
