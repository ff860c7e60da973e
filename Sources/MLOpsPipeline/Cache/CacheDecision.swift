public import Foundation

/// Whether a step's output was known, and why or why not.
public enum CacheDecision: Sendable, Hashable {
    /// The output was computed at that time, from the same input, version and parameters.
    case hit(computedAt: Date)
    /// The output is not known: what differs from the last run of the step, or why that can't be used.
    case miss([String])

    /// Whether the step need not run.
    public var isHit: Bool { if case .hit = self { true } else { false } }
}

extension CacheDecision: CustomStringConvertible {
    /// The decision and its reason, for people.
    public var description: String {
        switch self {
        case .hit(let date): "known since \(date.formatted(.iso8601)): nothing differs"
        case .miss(let reasons): "must run: " + reasons.joined(separator: ", ")
        }
    }
}
