/// A named number that a model is judged by, with its interval.
public struct Metric: Sendable, Hashable, Codable {
    /// The name, such as `accuracy` or `recall.dog`.
    public var name: String
    /// The value and its interval.
    public var estimate: Estimate

    /// Makes a metric.
    public init(_ name: String, _ estimate: Estimate) {
        self.name = name
        self.estimate = estimate
    }
}
