/// How long answers took, in seconds.
public struct LatencySummary: Sendable, Hashable, Codable {
    /// Half of the answers took at most this.
    public var p50: Double
    /// 95 of 100 answers took at most this.
    public var p95: Double
    /// 99 of 100 answers took at most this.
    public var p99: Double
    /// The slowest answer.
    public var maximum: Double
    /// The number of answers.
    public var count: Int

    /// Summarizes latencies by the nearest-rank percentile; `nil` when there are none.
    public init?(_ latencies: [Double]) {
        let sorted = latencies.sorted()
        guard let last = sorted.last else { return nil }
        func percentile(_ p: Int) -> Double { sorted[max(0, (p * sorted.count + 99) / 100 - 1)] }
        p50 = percentile(50)
        p95 = percentile(95)
        p99 = percentile(99)
        maximum = last
        count = sorted.count
    }
}
