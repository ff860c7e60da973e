public import Foundation

/// One thing came from another: an edge of the lineage graph.
public struct LineageEvent: Sendable, Hashable, Codable {
    /// The thing that came to be.
    public var output: LineageNode
    /// The things that it came from.
    public var inputs: [LineageNode]
    /// How, in a verb: `ingested`, `trained`, `packaged`, `registered`, `approved`, `deployed`, `predicted`.
    public var activity: String
    /// When.
    public var at: Date
    /// What is worth knowing about ``output``: parameters, commit, seed, toolchain, names.
    public var attributes: [String: String]

    /// Makes an event.
    public init(
        _ output: LineageNode, from inputs: [LineageNode], by activity: String, at: Date,
        attributes: [String: String] = [:]
    ) {
        self.output = output
        self.inputs = inputs
        self.activity = activity
        self.at = at
        self.attributes = attributes
    }
}

/// Keeps lineage events.
///
/// Promises of a conformer: an event that `record` returned from is kept after a kill; recording an event again adds
/// nothing; events may come in any order.
public protocol LineageRecorder: Sendable {
    /// Keeps an event.
    func record(_ event: LineageEvent) async throws
}

/// A ``LineageRecorder`` that lives as long as the process.
public actor InMemoryLineageRecorder: LineageRecorder {
    /// The events, in the order they came.
    public private(set) var events: [LineageEvent] = []

    /// Makes an empty recorder.
    public init() {}

    /// Keeps an event, once.
    public func record(_ event: LineageEvent) {
        if !events.contains(event) { events.append(event) }
    }
}
