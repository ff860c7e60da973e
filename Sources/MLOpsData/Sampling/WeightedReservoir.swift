internal import MLOpsCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A weighted sample of a stream, without replacement.
///
/// Drawn one by one, each element would be next with a chance in proportion to its weight among those that are left.
/// Source: P. Efraimidis, P. Spirakis, "Weighted random sampling with a reservoir", Information Processing Letters 2006
/// (A-Res), with the logarithm of its keys, which small weights don't take to zero.
public struct WeightedReservoir<Element: Sendable>: Sendable {
    /// The most elements that are kept.
    public let capacity: Int
    /// How many were taken in.
    public private(set) var count = 0
    /// A heap with the least key first.
    private var heap: [(key: Double, element: Element)] = []
    private var chance: SeededGenerator

    /// Starts empty; throws `invalidArgument` for a capacity below 1.
    public init(capacity: Int, seed: UInt64) throws {
        try Sampling.require(capacity)
        self.capacity = capacity
        chance = SeededGenerator(seed: seed)
    }

    /// The elements kept so far, those that would be drawn first in front.
    public var elements: [Element] { heap.sorted { $0.key > $1.key }.map(\.element) }

    /// Takes in the next element; one of weight 0 is never kept.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for a weight below 0 or not finite.
    public mutating func add(_ element: Element, weight: Double) throws {
        guard weight >= 0, weight.isFinite else {
            throw MLOpsError(.invalidArgument, "\(weight) is no weight.", help: "Give weights of at least 0.")
        }
        count += 1
        let uniform = 1 - chance.uniform()
        guard weight > 0 else { return }
        let key = log(uniform) / weight
        if heap.count < capacity {
            heap.append((key, element))
            var child = heap.count - 1
            while child > 0, heap[(child - 1) / 2].key > heap[child].key {
                heap.swapAt(child, (child - 1) / 2)
                child = (child - 1) / 2
            }
        } else if key > heap[0].key {
            heap[0] = (key, element)
            sink()
        }
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].key < heap[least].key
            {
                least = child
            }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
