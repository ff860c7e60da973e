/// How long to wait before trying again: twice as long after each failure, up to a limit.
public struct Backoff: Sendable, Hashable {
    /// The wait after the first failure.
    public var first: Duration
    /// The longest wait.
    public var longest: Duration
    /// The number of tries in a row after which the error is thrown; at least 1.
    public var tries: Int

    /// Makes a backoff.
    public init(first: Duration = .milliseconds(500), longest: Duration = .seconds(30), tries: Int = 4) {
        self.first = first
        self.longest = longest
        self.tries = max(1, tries)
    }

    /// The wait after a number of failures in a row, from 1 on.
    public func wait(afterFailures failures: Int) -> Duration {
        // From 2²⁰ on every wait is the longest, and the product can't overflow.
        min(longest, first * (1 << min(20, max(0, failures - 1))))
    }
}
