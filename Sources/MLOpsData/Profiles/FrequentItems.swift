internal import MLOpsCore

/// The values that come most often, in one pass and with a fixed number of counters; parts can be merged.
///
/// A count is never above the true one, and below it by at most ``error``, which is at most n / (capacity + 1) after n
/// values. While there are no more different values than counters, all counts are exact.
///
/// Source: J. Misra, D. Gries, "Finding repeated elements", 1982; merged as in P. Agarwal et al., "Mergeable
/// summaries", PODS 2012.
public struct FrequentItems: Sendable, Hashable, Codable {
    /// A value with its count.
    public struct Item: Sendable, Hashable, Codable {
        /// The value as text.
        public var value: String
        /// How often it came, at least.
        public var count: Int

        /// Pairs a value with its count.
        public init(value: String, count: Int) {
            self.value = value
            self.count = count
        }
    }

    /// The most values that are counted at once.
    public let capacity: Int
    /// How much too low a count may be.
    public private(set) var error = 0
    private var counters: [String: Int] = [:]

    /// Starts with no values; throws `invalidArgument` for a capacity below 1.
    public init(capacity: Int = 64) throws {
        guard capacity >= 1 else {
            throw MLOpsError(.invalidArgument, "\(capacity) counters can't count.", help: "Give 1 or more.")
        }
        self.init(checkedCapacity: capacity)
    }

    init(checkedCapacity capacity: Int) { self.capacity = capacity }

    /// Reads counters; those that no values can have made are a decoding error.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        capacity = try container.decode(Int.self, forKey: .capacity)
        error = try container.decode(Int.self, forKey: .error)
        counters = try container.decode([String: Int].self, forKey: .counters)
        guard capacity >= 1, counters.count <= capacity, (0...maxSketchCount).contains(error),
            counters.values.allSatisfy((1...maxSketchCount).contains)
        else { throw decoder.damaged("frequent items") }
    }

    /// Takes in a value.
    public mutating func add(_ value: String) {
        if let count = counters[value] {
            counters[value] = count + 1
        } else if counters.count < capacity {
            counters[value] = 1
        } else {
            // The new value and one of each counter cancel each other.
            error += 1
            counters = counters.compactMapValues { $0 > 1 ? $0 - 1 : nil }
        }
    }

    /// Takes in what another has taken in.
    public mutating func merge(_ other: FrequentItems) {
        counters.merge(other.counters) { $0 + $1 }
        error += other.error
        guard counters.count > capacity else { return }
        let next = counters.values.sorted(by: >)[capacity]
        error += next
        counters = counters.compactMapValues { $0 > next ? $0 - next : nil }
    }

    /// The values that are counted, most frequent first, then by their text.
    public var items: [Item] {
        counters.map { Item(value: $0.key, count: $0.value) }.sorted { ($1.count, $0.value) < ($0.count, $1.value) }
    }
}
