internal import MLOpsCore

/// A sample of a stream of unknown length in which each element has the same chance.
///
/// Source: algorithm R of J. Vitter, "Random sampling with a reservoir", ACM TOMS 1985.
public struct Reservoir<Element: Sendable>: Sendable {
    /// The most elements that are kept.
    public let capacity: Int
    /// The elements kept so far, in no order.
    public private(set) var elements: [Element] = []
    /// How many were taken in.
    public private(set) var count = 0
    private var chance: SeededGenerator

    /// Starts empty; throws `invalidArgument` for a capacity below 1.
    public init(capacity: Int, seed: UInt64) throws {
        try Sampling.require(capacity)
        self.capacity = capacity
        chance = SeededGenerator(seed: seed)
    }

    /// Takes in the next element.
    public mutating func add(_ element: Element) {
        count += 1
        if elements.count < capacity {
            elements.append(element)
            return
        }
        let place = chance.integer(below: count)
        if place < capacity { elements[place] = element }
    }
}
