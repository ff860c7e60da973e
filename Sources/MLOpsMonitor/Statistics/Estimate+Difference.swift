public import MLOpsCore

extension Estimate {
    /// The difference p₁ − p₂ of two independent proportions with Newcombe's hybrid score interval.
    ///
    /// The count is that of both samples; with an empty sample the interval is −1…1.
    /// Source: R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of
    /// eleven methods", Statistics in Medicine 17, 1998, method 10.
    public static func difference(_ first: Estimate, _ second: Estimate) -> Estimate {
        guard first.count > 0, second.count > 0 else {
            return Estimate(0, lower: -1, upper: 1, count: first.count + second.count, confidence: first.confidence)
        }
        let value = first.value - second.value
        func norm(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
        return Estimate(
            value, lower: value - norm(first.value - first.lower, second.upper - second.value),
            upper: value + norm(first.upper - first.value, second.value - second.lower),
            count: first.count + second.count, confidence: first.confidence)
    }

    /// Whether zero lies outside the interval, so that the sign of the value can be believed.
    public var excludesZero: Bool { lower > 0 || upper < 0 }
}
