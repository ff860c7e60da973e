public import Foundation
public import MLOpsCore

/// A package in the registry, under its model's name and a number.
public struct ModelVersion: Sendable, Hashable, Codable {
    /// The model's name.
    public let model: String
    /// The number among the model's versions, counted from 1.
    public let number: Int
    /// The digest of the package.
    public let package: Digest
    /// Who registered it.
    public let registeredBy: String
    /// Why.
    public let reason: String
    /// The id of the run that trained it, when known.
    public let run: String?
    /// When, to the millisecond.
    public let registeredAt: Date

    /// Its place in the lineage graph.
    public var node: LineageNode { LineageNode(.modelVersion, description) }
}

extension ModelVersion: CustomStringConvertible {
    /// The name and the number, such as `park-pets/3`.
    public var description: String { "\(model)/\(number)" }
}
