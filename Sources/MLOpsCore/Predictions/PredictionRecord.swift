public import Foundation

/// A prediction as the server captured it: enough to judge it later, and to trace it back.
public struct PredictionRecord: Sendable, Hashable, Codable {
    /// The inference id; unique.
    public var id: String
    /// When it was made.
    public var at: Date
    /// The deployment that made it.
    public var deployment: String
    /// The digest of the package that made it.
    public var package: Digest
    /// The label it gave; `nil` when it abstained.
    public var label: String?
    /// The probability of each class, in the order of the package's labels; empty when the model gives none.
    public var probabilities: [Double]
    /// The digest of the input's bytes.
    public var input: Digest
    /// Numbers that describe the input, such as `brightness`; for drift.
    public var features: [String: Double]
    /// Where the input came from, such as `camera: north-gate`; slices for tests and fairness.
    public var tags: [String: String]
    /// How long the model took, in seconds.
    public var latency: Double

    /// Makes a record.
    public init(
        id: String, at: Date, deployment: String, package: Digest, label: String?, probabilities: [Double] = [],
        input: Digest, features: [String: Double] = [:], tags: [String: String] = [:], latency: Double
    ) {
        self.id = id
        self.at = at
        self.deployment = deployment
        self.package = package
        self.label = label
        self.probabilities = probabilities
        self.input = input
        self.features = features
        self.tags = tags
        self.latency = latency
    }
}

/// The truth about a prediction, known later.
public struct PredictionLabel: Sendable, Hashable, Codable {
    /// The inference id of the prediction that it belongs to.
    public var id: String
    /// The true class.
    public var label: String
    /// When it became known.
    public var at: Date
    /// Who says so.
    public var source: String

    /// Makes a label.
    public init(id: String, label: String, at: Date, source: String) {
        self.id = id
        self.label = label
        self.at = at
        self.source = source
    }
}
