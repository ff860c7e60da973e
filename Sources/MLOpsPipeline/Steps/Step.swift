internal import Foundation
public import MLOpsCore

/// One piece of work with a typed input and a typed output, such as ingesting, training or evaluating.
///
/// A step is a function: with an equal input, version and parameters its output counts as known, and it is not run
/// again. What the output depends on must therefore be among them; seeds and settings belong in `parameters`.
public struct Step<Input: Codable & Sendable, Output: Codable & Sendable>: Sendable {
    /// The name, unique in the pipeline.
    public let name: String
    /// The version of the body; raise it when the body changes what it computes.
    public let version: String
    /// What the output depends on beside the input.
    public let parameters: [String: String]
    /// How often it is tried.
    public let retry: Retry

    let body: @Sendable (Input, StepContext) async throws -> Output

    /// Makes a step.
    ///
    /// - Parameter body: computes the output. Big things belong in the context's artifacts, with their digest in the
    ///   output. Where it may be retried, it must be safe to do it twice.
    public init(
        _ name: String, version: String = "1", parameters: [String: String] = [:], retry: Retry = .never,
        body: @escaping @Sendable (Input, StepContext) async throws -> Output
    ) {
        self.name = name
        self.version = version
        self.parameters = parameters
        self.retry = retry
        self.body = body
    }
}

/// What a step's body may use.
public struct StepContext: Sendable {
    /// Where big things go; what is stored here is there when the step's output is taken from the cache.
    public let artifacts: any ArtifactStore
    /// The number of this try, from 1.
    public let attempt: Int
    /// Takes note of how far the step has come.
    public let progress: any ProgressSink
}
