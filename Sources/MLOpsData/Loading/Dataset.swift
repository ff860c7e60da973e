/// A finite set of examples that can be read at any index, the same one every time.
///
/// Promises of a conformer: `example(at:)` may be called from several tasks at once, and gives equal examples for
/// equal indices.
public protocol Dataset<Example>: Sendable {
    associatedtype Example: Sendable
    /// The number of examples.
    var count: Int { get }
    /// The example at an index in 0 ..< count.
    func example(at index: Int) async throws -> Example
}

/// A ``Dataset`` in memory.
public struct InMemoryDataset<Example: Sendable>: Dataset {
    private let examples: [Example]

    /// Makes a dataset of the given examples.
    public init(_ examples: [Example]) { self.examples = examples }

    /// The number of examples.
    public var count: Int { examples.count }

    /// The example at an index in 0 ..< count.
    public func example(at index: Int) -> Example { examples[index] }
}
