/// A random number generator whose numbers depend on its seed alone: the same on every machine, in every release.
///
/// Source: SplitMix64; Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
public struct SeededGenerator: RandomNumberGenerator, Sendable, Hashable, Codable {
    private var state: UInt64

    /// Starts the sequence of a seed.
    public init(seed: UInt64) { state = seed }

    /// Starts the sequence of a seed and a path below it, such as (seed, epoch, sample).
    ///
    /// Different paths give independent sequences, so work can be done in any order and on any thread.
    public init(seed: UInt64, _ path: UInt64...) {
        var state = SeededGenerator.mix(seed)
        for step in path { state = SeededGenerator.mix(state ^ SeededGenerator.mix(step &+ 0x9E37_79B9_7F4A_7C15)) }
        self.state = state
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return SeededGenerator.mix(state)
    }

    /// A uniform number in [0, 1), of 53 random bits.
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A uniform number in the range.
    public mutating func uniform(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
    }

    /// A whole number in 0 ..< bound; bound ≥ 1. The bias is below bound / 2⁶⁴.
    public mutating func integer(below bound: Int) -> Int {
        precondition(bound >= 1, "integer(below:) needs a bound of at least 1, not \(bound)")
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// The elements in a random order (Fisher–Yates).
    public mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var result = elements
        for i in stride(from: result.count - 1, to: 0, by: -1) { result.swapAt(i, integer(below: i + 1)) }
        return result
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
