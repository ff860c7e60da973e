#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The standard normal distribution.
public enum NormalDistribution {
    /// The probability of a value of at most x.
    public static func cumulative(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

    /// The value below which a share p of the distribution lies; p in 0 < p < 1.
    ///
    /// Bisection on ``cumulative(_:)``: slow but exact to the last few bits.
    public static func quantile(_ p: Double) -> Double {
        precondition(p > 0 && p < 1, "the quantile of \(p) is not finite")
        var low = -40.0
        var high = 40.0
        for _ in 0..<80 {
            let middle = (low + high) / 2
            if cumulative(middle) < p { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
