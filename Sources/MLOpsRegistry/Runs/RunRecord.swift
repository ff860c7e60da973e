public import Foundation
public import MLOpsCore

/// One run of training, as the registry knows it.
public struct RunRecord: Sendable, Hashable, Codable, Identifiable {
    /// How far a run has come.
    public enum Status: String, Sendable, Hashable, Codable {
        /// Its process is alive and works on it.
        case running
        /// Its process died, or let go of it, before it ended; it can be resumed.
        case interrupted
        /// It ended well.
        case finished
        /// It ended with an error.
        case failed
    }

    /// The id: unique, and sorted by the time of the start.
    public let id: String
    /// What the run is called; many runs may share a name.
    public let name: String
    /// How far it has come.
    public let status: Status
    /// When it started, to the millisecond.
    public let startedAt: Date
    /// When it ended; `nil` before.
    public let endedAt: Date?
    /// The digest of the dataset version that it learned from.
    public let dataset: Digest?
    /// The hyperparameters, and whatever else decides the result.
    public let parameters: [String: String]
    /// Words to find it by.
    public let tags: [String: String]
    /// The last value of each metric; the whole history is ``RunLog/history(of:in:)``.
    public let metrics: [String: Double]
    /// The run's manifest as canonical JSON: seed, toolchain, commit.
    public let manifest: String?

    /// Its place in the lineage graph.
    public var node: LineageNode { LineageNode(.run, id) }
}

/// The value of a metric at a step.
public struct MetricPoint: Sendable, Hashable, Codable {
    /// The step or epoch.
    public let step: Int
    /// The value; may be NaN or infinite when training diverged.
    public let value: Double
    /// When it was logged, to the millisecond.
    public let at: Date
}
