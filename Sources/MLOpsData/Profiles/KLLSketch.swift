internal import MLOpsCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The quantiles of numbers in one pass and little memory; parts can be merged.
///
/// The rank of a quantile is within ``rankError`` of the exact one with a probability of 99 %. About 3 k numbers are
/// held. The halves that are kept are drawn from a sequence with a fixed seed: equal input gives equal sketches.
///
/// Source: Z. Karnin, K. Lang, E. Liberty, "Optimal quantile approximation in streams", FOCS 2016; the sizes of levels
/// and the measured constants of the error are those of Apache DataSketches.
public struct KLLSketch: Sendable, Hashable, Codable {
    /// The size of the top level; the error shrinks nearly as 1 / k.
    public let k: Int
    /// How many numbers were taken in.
    public private(set) var count = 0
    /// The least number; 0 for none.
    public private(set) var minimum = 0.0
    /// The greatest number; 0 for none.
    public private(set) var maximum = 0.0
    /// Numbers that stand for 1, 2, 4, … each.
    private var levels: [[Double]] = [[]]
    private var chance: SeededGenerator

    /// Starts with no numbers; throws `invalidArgument` for a k that is not 8…65,535.
    public init(k: Int = 200) throws {
        guard (8...65_535).contains(k) else {
            throw MLOpsError(.invalidArgument, "A sketch can't have a k of \(k).", help: "Give 8…65,535; 200 is usual.")
        }
        self.init(checkedK: k)
    }

    init(checkedK k: Int) {
        self.k = k
        chance = SeededGenerator(seed: UInt64(k))
    }

    /// Reads a sketch; one that no numbers can have made is a decoding error.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        k = try container.decode(Int.self, forKey: .k)
        count = try container.decode(Int.self, forKey: .count)
        minimum = try container.decode(Double.self, forKey: .minimum)
        maximum = try container.decode(Double.self, forKey: .maximum)
        levels = try container.decode([[Double]].self, forKey: .levels)
        chance = try container.decode(SeededGenerator.self, forKey: .chance)
        guard (8...65_535).contains(k), (0...maxSketchCount).contains(count), (1...53).contains(levels.count),
            levels.enumerated().allSatisfy({ $1.count <= count >> $0 }),
            levels.enumerated().reduce(0, { $0 + $1.element.count << $1.offset }) == count
        else { throw decoder.damaged("quantile sketch") }
    }

    /// How far the rank of a quantile may be off, as a share of all numbers, at 99 % confidence: 1.33 % for a k of 200.
    public var rankError: Double { 2.296 / pow(Double(k), 0.9723) }

    /// Takes in a number; one that is not finite is passed over.
    public mutating func add(_ value: Double) {
        guard value.isFinite else { return }
        minimum = count == 0 ? value : min(minimum, value)
        maximum = count == 0 ? value : max(maximum, value)
        count += 1
        levels[0].append(value)
        if levels[0].count >= capacity(0) { compress() }
    }

    /// Takes in what another has taken in; the k of both is to be the same for the error to hold.
    public mutating func merge(_ other: KLLSketch) {
        guard other.count > 0 else { return }
        minimum = count == 0 ? other.minimum : min(minimum, other.minimum)
        maximum = count == 0 ? other.maximum : max(maximum, other.maximum)
        count += other.count
        while levels.count < other.levels.count { levels.append([]) }
        for (level, values) in other.levels.enumerated() { levels[level] += values }
        compress()
    }

    /// The number below or at which a share of all lies; `nil` when there are none.
    ///
    /// - Parameter share: 0…1; others count as the nearer end.
    public func quantile(_ share: Double) -> Double? { quantiles([share])?.first }

    /// Several quantiles at once.
    public func quantiles(_ shares: [Double]) -> [Double]? {
        guard count > 0 else { return nil }
        let sorted = weighted
        return shares.map { share in
            if !(share > 0) { return minimum }
            if share >= 1 { return maximum }
            let wanted = share * Double(count)
            var sum = 0.0
            for (value, weight) in sorted {
                sum += weight
                if sum >= wanted { return value }
            }
            return maximum
        }
    }

    /// The share of numbers that are at most a value.
    public func share(atMost value: Double) -> Double {
        guard count > 0 else { return 0 }
        var sum = 0
        for (level, values) in levels.enumerated() { sum += values.count { $0 <= value } << level }
        return Double(sum) / Double(count)
    }

    private var weighted: [(value: Double, weight: Double)] {
        levels.enumerated().flatMap { level, values in values.map { ($0, Double(1 << level)) } }.sorted { $0.0 < $1.0 }
    }

    /// How many numbers a level may hold: k at the top, two thirds of the level above below it, at least 8.
    private func capacity(_ level: Int) -> Int {
        max(8, Int((Double(k) * pow(2.0 / 3, Double(levels.count - 1 - level))).rounded(.up)))
    }

    /// Halves full levels into those above until all fit.
    private mutating func compress() {
        var level = 0
        while level < levels.count {
            guard levels[level].count >= capacity(level) else {
                level += 1
                continue
            }
            if level + 1 == levels.count { levels.append([]) }
            var values = levels[level].sorted()
            // An odd one stays, so that the weights still sum to the count.
            let rest = values.count % 2 == 1 ? [values.removeLast()] : []
            let offset = Int(chance.next() >> 63)
            levels[level + 1] += stride(from: offset, to: values.count, by: 2).map { values[$0] }
            levels[level] = rest
            // A new top level shrinks the capacities below it.
            level = 0
        }
    }
}
