public import Foundation
public import MLOpsCore

/// The record that a package was deployed: what, where, when and by whom.
public struct Deployment: Sendable, Hashable, Codable {
    /// The id of the deployment; predictions name it.
    public var id: String
    /// The digest of the package.
    public var package: Digest
    /// The name it answers under.
    public var name: String
    /// The environment, such as `test` or `production`.
    public var environment: String
    /// When it was ready.
    public var at: Date
    /// The person or program that deployed it.
    public var by: String

    /// Makes a record.
    public init(id: String, package: Digest, name: String, environment: String, at: Date, by: String) {
        self.id = id
        self.package = package
        self.name = name
        self.environment = environment
        self.at = at
        self.by = by
    }
}
