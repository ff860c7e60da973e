internal import Foundation
internal import MLOpsCore

/// How often a step is tried, and how long to wait in between.
public struct Retry: Sendable, Hashable {
    /// The most tries; at least 1.
    public let attempts: Int
    /// The wait after the first failure; it doubles after each more.
    public let delay: Duration

    /// Tries up to a number of times.
    public init(attempts: Int, delay: Duration = .seconds(1)) {
        precondition(attempts >= 1, "a step needs at least 1 try, not \(attempts)")
        self.attempts = attempts
        self.delay = delay
    }

    /// One try.
    public static let never = Retry(attempts: 1)

    /// The wait after the given number of failures; at most 2¹⁶ times the first.
    func wait(after failures: Int) -> Duration { delay * (1 << min(16, max(0, failures - 1))) }
}
