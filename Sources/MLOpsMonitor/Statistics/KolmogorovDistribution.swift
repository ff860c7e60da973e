internal import Foundation

/// The distribution of Kolmogorov's one-sample statistic Dₙ, two-sided.
///
/// The method is chosen by n and x as in R. Simard, P. L'Ecuyer, "Computing the two-sided Kolmogorov–Smirnov
/// distribution", Journal of Statistical Software 39(11), 2011; the figures agree with SciPy's `kstwo` to 1e-9.
package enum KolmogorovDistribution {
    /// The probability that Dₙ is x or more, for n ≥ 1 observations.
    package static func survival(_ x: Double, count n: Int) -> Double {
        precondition(n >= 1, "Kolmogorov's distribution needs n ≥ 1, not \(n)")
        let t = Double(n) * x
        if t <= 0.5 { return 1 }
        if x >= 1 { return 0 }
        if t <= 1 { return 1 - exp(SpecialFunctions.logFactorialOverPower(n) + Double(n) * log(2 * t - 1)) }
        let scaled = t * x
        if scaled >= 370 { return 0 }
        if x >= 0.5 || scaled >= (n <= 140 ? 4 : 2.2) { return min(1, 2 * oneSidedSurvival(x, n)) }
        let cumulative =
            n <= 140 || (n <= 100_000 && Double(n) * pow(x, 1.5) <= 1.4)
            ? matrixCumulative(x, n) : pelzGoodCumulative(x, n)
        return min(1, max(0, 1 - cumulative))
    }

    /// P(Dₙ⁺ ≥ x): Z. W. Birnbaum, F. H. Tingey, "One-sided confidence contours for probability distribution
    /// functions", Annals of Mathematical Statistics 22, 1951.
    private static func oneSidedSurvival(_ x: Double, _ n: Int) -> Double {
        let count = Double(n)
        let whole = SpecialFunctions.logGamma(count + 1)
        var sum = 0.0
        for j in 0...Int(count * (1 - x)) {
            let index = Double(j)
            let rest = 1 - x - index / count
            guard rest > 0 || j == n else { continue }
            let choose =
                whole - SpecialFunctions.logGamma(index + 1) - SpecialFunctions.logGamma(count - index + 1)
            let power = j == n ? 0 : (count - index) * log(rest)
            sum += exp(choose + (index - 1) * log(x + index / count) + power)
        }
        return min(1, x * sum)
    }

    /// P(Dₙ < x) as an entry of the n-th power of a matrix: G. Marsaglia, W. W. Tsang, J. Wang, "Evaluating
    /// Kolmogorov's distribution", Journal of Statistical Software 8(18), 2003.
    private static func matrixCumulative(_ x: Double, _ n: Int) -> Double {
        let k = Int(Double(n) * x) + 1
        let h = Double(k) - Double(n) * x
        var matrix = SquareMatrix(size: 2 * k - 1)
        let last = matrix.size - 1
        for row in 0...last {
            for column in 0...last where row - column + 1 >= 0 { matrix[row, column] = 1 }
        }
        for i in 0...last {
            matrix[i, 0] -= pow(h, Double(i + 1))
            matrix[last, i] -= pow(h, Double(last + 1 - i))
        }
        if 2 * h > 1 { matrix[last, 0] += pow(2 * h - 1, Double(last + 1)) }
        for row in 0...last {
            for column in 0...last where row - column + 1 > 0 {
                matrix[row, column] /= exp(SpecialFunctions.logGamma(Double(row - column + 2)))
            }
        }
        let power = matrix.power(n)
        let entry = power.matrix[k - 1, k - 1]
        guard entry > 0 else { return 0 }
        return exp(log(entry) + power.logScale + SpecialFunctions.logFactorialOverPower(n))
    }

    /// P(Dₙ < x) by four terms of an expansion in 1/√n: W. Pelz, I. J. Good, "Approximating the lower tail-areas of
    /// the Kolmogorov–Smirnov one-sample statistic", Journal of the Royal Statistical Society B 38(2), 1976.
    private static func pelzGoodCumulative(_ x: Double, _ n: Int) -> Double {
        let z = Double(n).squareRoot() * x
        let z2 = z * z
        let z4 = z2 * z2
        let z6 = z4 * z2
        var terms = (0.0, 0.0, 0.0, 0.0)
        var wholeTerms = (0.0, 0.0)
        for k in 0..<30 {
            // The sums run over all integers; each is even about its center, so one half is summed and doubled.
            let a = Double.pi * Double.pi * (Double(k) + 0.5) * (Double(k) + 0.5)
            let weight = exp(-a / (2 * z2))
            terms.0 += weight
            terms.1 += (a - z2) * weight
            terms.2 += ((6 * z6 + 2 * z4) + (2 * z4 - 5 * z2) * a + (1 - 2 * z2) * a * a) * weight
            let cubic = (5 - 30 * z2) * a * a * a + (212 * z4 - 60 * z2) * a * a
            terms.3 += (cubic + (135 * z4 - 96 * z6) * a - (30 * z6 + 90 * z4 * z4)) * weight
            let b = Double.pi * Double.pi * Double(k * k)
            let wholeWeight = exp(-b / (2 * z2))
            wholeTerms.0 += b * wholeWeight
            wholeTerms.1 += (3 * b * z2 - b * b) * wholeWeight
        }
        let root = (Double.pi / 2).squareRoot()
        let k0 = 2 * root / z * terms.0
        let k1 = 2 * root / (6 * z4) * terms.1
        let k2 = 2 * root * (terms.2 / (72 * z6 * z) - wholeTerms.0 / (36 * z2 * z))
        let k3 = 2 * root * (terms.3 / (6480 * z6 * z4) + wholeTerms.1 / (216 * z6))
        let r = 1 / Double(n).squareRoot()
        return k0 + r * (k1 + r * (k2 + r * k3))
    }
}

/// A square matrix whose powers are kept in range by a common factor.
private struct SquareMatrix {
    let size: Int
    private var elements: [Double]

    init(size: Int) {
        self.size = size
        elements = [Double](repeating: 0, count: size * size)
    }

    subscript(row: Int, column: Int) -> Double {
        get { elements[row * size + column] }
        set { elements[row * size + column] = newValue }
    }

    /// The n-th power, as a matrix times exp(logScale).
    func power(_ n: Int) -> (matrix: SquareMatrix, logScale: Double) {
        var result = SquareMatrix(size: size)
        for i in 0..<size { result[i, i] = 1 }
        var resultScale = 0.0
        var square = self
        var squareScale = 0.0
        var rest = n
        while rest > 0 {
            if rest & 1 == 1 {
                result = result.times(square)
                resultScale += squareScale + result.normalize()
            }
            rest >>= 1
            guard rest > 0 else { break }
            square = square.times(square)
            squareScale = 2 * squareScale + square.normalize()
        }
        return (result, resultScale)
    }

    private func times(_ other: SquareMatrix) -> SquareMatrix {
        var product = SquareMatrix(size: size)
        for row in 0..<size {
            for middle in 0..<size {
                let factor = elements[row * size + middle]
                if factor == 0 { continue }
                for column in 0..<size {
                    product.elements[row * size + column] += factor * other.elements[middle * size + column]
                }
            }
        }
        return product
    }

    /// Divides by the largest element and returns the logarithm of it.
    private mutating func normalize() -> Double {
        let largest = elements.reduce(0) { max($0, abs($1)) }
        guard largest > 0 else { return 0 }
        for i in elements.indices { elements[i] /= largest }
        return log(largest)
    }
}
