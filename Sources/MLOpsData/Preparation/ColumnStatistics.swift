/// What a preparation measures of a column; columns have at least one value, and no NaN.
enum ColumnStatistics {
    /// The mean, of a sum whose rounding errors are carried along.
    ///
    /// Source: W. Kahan, "Further remarks on reducing truncation errors", Communications of the ACM 8(1), 1965.
    static func mean(_ values: [Double]) -> Double { sum(values.lazy.map { $0 }) / Double(values.count) }

    /// The population's standard deviation.
    static func deviation(_ values: [Double], mean: Double) -> Double {
        (sum(values.lazy.map { ($0 - mean) * ($0 - mean) }) / Double(values.count)).squareRoot()
    }

    /// A quantile of sorted values, interpolated linearly between the two nearest.
    static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        let place = share * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
    }

    /// The most frequent value; of several, the one that precedes the others.
    static func mostFrequent<Value: Hashable>(_ values: [Value], precedes: (Value, Value) -> Bool) -> Value? {
        var counts: [Value: Int] = [:]
        for value in values { counts[value, default: 0] += 1 }
        return counts.max { $0.value == $1.value ? precedes($1.key, $0.key) : $0.value < $1.value }?.key
    }

    private static func sum(_ values: some Sequence<Double>) -> Double {
        var (sum, lost) = (0.0, 0.0)
        for value in values {
            let next = value - lost
            let raised = sum + next
            lost = (raised - sum) - next
            sum = raised
        }
        return sum
    }
}
