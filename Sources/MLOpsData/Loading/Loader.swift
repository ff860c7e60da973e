internal import Foundation
internal import MLOpsCore

/// Batches of a dataset, loaded ahead on all cores, in an order that the seed and the epoch fix.
///
/// `for try await batch in Loader(dataset, batchSize: 32, seed: 1, epoch: 3) { … }`. At most `prefetch` batches are
/// loaded ahead of the one in hand; leaving the loop, or cancelling the task, cancels them.
public struct Loader<Example: Sendable>: AsyncSequence, Sendable {
    private let dataset: any Dataset<Example>
    private let batchSize: Int
    private let prefetch: Int
    private let order: [Int]

    /// Makes the batches of one epoch.
    ///
    /// - Parameters:
    ///   - seed: fixes the order, with `epoch`; `nil` keeps the order of the dataset.
    ///   - dropsLast: whether a last batch of fewer than `batchSize` examples is left out.
    ///   - prefetch: the most batches in memory beside the one in hand.
    /// - Throws: ``MLOpsError`` with `invalidArgument` for sizes below 1.
    public init(
        _ dataset: any Dataset<Example>, batchSize: Int, seed: UInt64? = nil, epoch: Int = 0, dropsLast: Bool = false,
        prefetch: Int = Loader.defaultPrefetch
    ) throws {
        guard batchSize >= 1, prefetch >= 1 else {
            throw MLOpsError(
                .invalidArgument, "A loader can't have batches of \(batchSize) and \(prefetch) of them ahead.",
                help: "Give sizes of at least 1.")
        }
        self.dataset = dataset
        self.batchSize = batchSize
        self.prefetch = prefetch
        var order = Array(0..<dataset.count)
        if let seed {
            var chance = SeededGenerator(seed: seed, UInt64(truncatingIfNeeded: epoch))
            order = chance.shuffled(order)
        }
        if dropsLast { order.removeLast(order.count % batchSize) }
        self.order = order
    }

    /// One batch ahead for each core, and one more.
    public static var defaultPrefetch: Int { ProcessInfo.processInfo.activeProcessorCount + 1 }

    /// The indices of the examples in the order in which they come.
    public var indices: [Int] { order }

    /// The number of batches.
    public var count: Int { (order.count + batchSize - 1) / batchSize }

    /// Begins to load.
    public func makeAsyncIterator() -> Iterator { Iterator(loader: self) }

    private func batch(_ number: Int) async throws -> [Example] {
        var examples: [Example] = []
        examples.reserveCapacity(batchSize)
        for index in order[number * batchSize..<Swift.min((number + 1) * batchSize, order.count)] {
            try Task.checkCancellation()
            examples.append(try await dataset.example(at: index))
        }
        return examples
    }

    /// Gives the batches in order.
    public struct Iterator: AsyncIteratorProtocol {
        /// The batches being loaded.
        ///
        /// A task group can't outlive a call of `next()`, so these are tasks of their own,
        /// which the class cancels when the iterator is gone.
        private final class Ahead {
            var tasks: ArraySlice<Task<[Example], any Error>> = []
            deinit { for task in tasks { task.cancel() } }
        }

        private let loader: Loader
        private let ahead = Ahead()
        private var begun = 0

        init(loader: Loader) { self.loader = loader }

        /// The next batch; `nil` after the last.
        public mutating func next() async throws -> [Example]? {
            begin()
            guard let task = ahead.tasks.popFirst() else { return nil }
            // The batch that is asked for is in hand from here on: the next ones begin while it is waited for.
            begin()
            return try await withTaskCancellationHandler {
                try await task.value
            } onCancel: {
                task.cancel()
            }
        }

        private mutating func begin() {
            while begun < loader.count, ahead.tasks.count < loader.prefetch {
                let (loader, number) = (loader, begun)
                ahead.tasks.append(Task { try await loader.batch(number) })
                begun += 1
            }
        }
    }
}
