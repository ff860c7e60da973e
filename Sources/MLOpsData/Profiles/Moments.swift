/// The count, mean, variance, skewness and kurtosis of numbers, in one pass; parts can be merged.
///
/// Source: P. Pébay, "Formulas for robust, one-pass parallel computation of covariances and arbitrary-order statistical
/// moments", Sandia report SAND2008-6212, 2008.
public struct Moments: Sendable, Hashable, Codable {
    /// How many numbers.
    public private(set) var count = 0
    /// Their mean; 0 for none.
    public private(set) var mean = 0.0
    /// The sums of the powers of the deviations from the mean.
    private var second = 0.0
    private var third = 0.0
    private var fourth = 0.0

    /// Starts with no numbers.
    public init() {}

    /// Reads moments; a count that can't be is a decoding error.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        count = try container.decode(Int.self, forKey: .count)
        mean = try container.decode(Double.self, forKey: .mean)
        second = try container.decode(Double.self, forKey: .second)
        third = try container.decode(Double.self, forKey: .third)
        fourth = try container.decode(Double.self, forKey: .fourth)
        guard (0...maxSketchCount).contains(count) else { throw decoder.damaged("moments") }
    }

    /// Takes in a number.
    public mutating func add(_ value: Double) {
        var one = Moments()
        one.count = 1
        one.mean = value
        merge(one)
    }

    /// Takes in what another has taken in.
    public mutating func merge(_ other: Moments) {
        guard other.count > 0 else { return }
        guard count > 0 else {
            self = other
            return
        }
        let (a, b) = (Double(count), Double(other.count))
        let n = a + b
        let delta = other.mean - mean
        let step = delta / n
        let square = delta * step * a * b
        fourth +=
            other.fourth + square * step * step * (a * a - a * b + b * b)
            + 6 * step * step * (a * a * other.second + b * b * second)
            + 4 * step * (a * other.third - b * third)
        third += other.third + square * step * (a - b) + 3 * step * (a * other.second - b * second)
        second += other.second + square
        mean += step * b
        count += other.count
    }

    /// The variance with n in the denominator; 0 for none.
    public var variance: Double { count > 0 ? second / Double(count) : 0 }

    /// The standard deviation with n in the denominator.
    public var standardDeviation: Double { variance.squareRoot() }

    /// The third standardized moment, without correction for the sample; 0 when all numbers are equal.
    public var skewness: Double {
        second > 0 ? Double(count).squareRoot() * third / (second * second.squareRoot()) : 0
    }

    /// The fourth standardized moment less 3, without correction for the sample; 0 when all numbers are equal.
    public var excessKurtosis: Double { second > 0 ? Double(count) * fourth / (second * second) - 3 : 0 }
}
