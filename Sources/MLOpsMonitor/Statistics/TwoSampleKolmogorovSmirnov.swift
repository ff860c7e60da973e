/// The two-sample Kolmogorov–Smirnov test, two-sided.
package enum TwoSampleKolmogorovSmirnov {
    /// The largest distance between the empirical distribution functions of two samples; 0…1.
    package static func statistic(_ a: [Double], _ b: [Double]) -> Double {
        let a = a.sorted()
        let b = b.sorted()
        var i = 0
        var j = 0
        var largest = 0.0
        while i < a.count && j < b.count {
            let value = min(a[i], b[j])
            while i < a.count && a[i] == value { i += 1 }
            while j < b.count && b[j] == value { j += 1 }
            largest = max(largest, abs(Double(i) / Double(a.count) - Double(j) / Double(b.count)))
        }
        return largest
    }

    /// P(D ≥ d) without drift for sample sizes m and n, exactly; O(m · n) time, O(n) memory.
    ///
    /// All orders of the pooled values are equally probable; each is a path on an m × n lattice, and the share of
    /// paths that reach the distance is summed. With ties the figure is too large (conservative).
    /// Source: J. L. Hodges, "The significance probability of the Smirnov two-sample test", Arkiv för Matematik 3, 1958.
    package static func exactSurvival(_ d: Double, _ m: Int, _ n: Int) -> Double {
        let divisor = greatestCommonDivisor(m, n)
        let stepM = n / divisor
        let stepN = m / divisor
        let reach = Int((d * Double(m) * Double(n) / Double(divisor)).rounded())
        if reach == 0 { return 1 }
        // shares[j]: the share of the paths to (i, j) that have reached the distance.
        var shares = (0...n).map { $0 * stepN >= reach ? 1.0 : 0.0 }
        for i in 1...m {
            if i * stepM >= reach { shares[0] = 1 }
            for j in 1...n {
                if abs(i * stepM - j * stepN) >= reach {
                    shares[j] = 1
                } else {
                    shares[j] = (Double(i) * shares[j] + Double(j) * shares[j - 1]) / Double(i + j)
                }
            }
        }
        return min(1, shares[n])
    }

    /// P(D ≥ d) without drift, by Kolmogorov's one-sample distribution for round(m n / (m + n)) observations.
    package static func asymptoticSurvival(_ d: Double, _ m: Int, _ n: Int) -> Double {
        let effective = (Double(m) * Double(n) / Double(m + n)).rounded(.toNearestOrEven)
        return KolmogorovDistribution.survival(d, count: max(1, Int(effective)))
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        b == 0 ? a : greatestCommonDivisor(b, a % b)
    }
}
