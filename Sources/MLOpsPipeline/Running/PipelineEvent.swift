public import MLOpsCore

/// What happens while a pipeline runs.
public enum PipelineEvent: Sendable {
    /// A step's output was known, so it did not run.
    case reused(StepKey, CacheDecision, output: Digest)
    /// A step starts, for the reason given.
    case started(StepKey, CacheDecision)
    /// A try failed; the step is tried again if `retriesIn` says so.
    case failed(StepKey, attempt: Int, error: any Error, retriesIn: Duration?)
    /// A step has run, and its output is kept.
    case finished(StepKey, output: Digest, took: Duration)
}

extension PipelineEvent: CustomStringConvertible {
    /// One line for people.
    public var description: String {
        switch self {
        case .reused(let key, let decision, _): "\(key.step): \(decision)"
        case .started(let key, let decision): "\(key.step): \(decision)"
        case .failed(let key, let attempt, let error, let wait):
            "\(key.step): try \(attempt) failed, \(wait.map { "next in \($0)" } ?? "given up"): \(error)"
        case .finished(let key, let output, let duration): "\(key.step): gave \(output.short) in \(duration)"
        }
    }
}
