internal import Foundation

/// The special functions that the tests below rest on.
package enum SpecialFunctions {
    /// The logarithm of Γ(x) for x > 0, to about 15 digits.
    ///
    /// Stirling's series, after the argument has been raised to 12 or more by Γ(x + 1) = x Γ(x).
    /// Source: NIST Digital Library of Mathematical Functions, 5.11.1.
    package static func logGamma(_ x: Double) -> Double {
        precondition(x > 0, "logGamma needs an argument above 0, not \(x)")
        var raised = x
        var product = 1.0
        while raised < 12 {
            product *= raised
            raised += 1
        }
        return (raised - 0.5) * log(raised) - raised + 0.5 * log(2 * Double.pi) + stirlingRest(raised) - log(product)
    }

    /// log(n! / nⁿ), without the loss of digits of the difference of two large numbers.
    package static func logFactorialOverPower(_ n: Int) -> Double {
        let x = Double(n)
        guard n >= 12 else { return logGamma(x + 1) - x * log(x) }
        return 0.5 * log(2 * Double.pi * x) - x + stirlingRest(x)
    }

    /// The regularized upper incomplete gamma function Q(a, x), for a > 0 and x ≥ 0.
    ///
    /// A power series below a + 1, a continued fraction (modified Lentz) above.
    /// Source: NIST Digital Library of Mathematical Functions, 8.7.1 and 8.9.2.
    package static func upperGamma(_ a: Double, _ x: Double) -> Double {
        precondition(a > 0 && x >= 0, "Q(a, x) needs a > 0 and x ≥ 0, not \(a) and \(x)")
        guard x > 0 else { return 1 }
        let scale = exp(a * log(x) - x - logGamma(a))
        if x < a + 1 {
            var term = 1 / a
            var sum = term
            var divisor = a
            while abs(term) > abs(sum) * 1e-17 {
                divisor += 1
                term *= x / divisor
                sum += term
            }
            return max(0, 1 - scale * sum)
        }
        let tiny = 1e-300
        var b = x + 1 - a
        var c = 1 / tiny
        var d = 1 / b
        var fraction = d
        var i = 1.0
        while i < 100_000 {
            let numerator = -i * (i - a)
            b += 2
            d = numerator * d + b
            if abs(d) < tiny { d = tiny }
            c = b + numerator / c
            if abs(c) < tiny { c = tiny }
            d = 1 / d
            fraction *= d * c
            if abs(d * c - 1) < 1e-16 { break }
            i += 1
        }
        return min(1, scale * fraction)
    }

    /// The probability that a chi-squared variable of the given degrees of freedom is above x.
    package static func chiSquaredSurvival(_ x: Double, degreesOfFreedom: Int) -> Double {
        upperGamma(Double(degreesOfFreedom) / 2, max(0, x) / 2)
    }

    /// What Stirling's formula leaves out, for x ≥ 12.
    private static func stirlingRest(_ x: Double) -> Double {
        let y = 1 / (x * x)
        return (1 / 12.0 - y * (1 / 360.0 - y * (1 / 1260.0 - y * (1 / 1680.0 - y * (1 / 1188.0 - y * 691 / 360_360)))))
            / x
    }
}
