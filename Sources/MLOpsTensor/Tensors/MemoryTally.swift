internal import Synchronization

/// Sums up the memory of the tensors that a piece of work makes, freed ones included.
///
///     let tally = MemoryTally()
///     MemoryTally.$current.withValue(tally) { network.forward(input, .inference, compute: compute) }
package final class MemoryTally: Sendable {
    /// Where tensors are counted that this task makes; `nil` for nowhere.
    @TaskLocal package static var current: MemoryTally?

    private let sum = Atomic<Int>(0)

    /// Starts at zero.
    package init() {}

    /// The bytes so far.
    package var bytes: Int { sum.load(ordering: .relaxed) }

    func add(_ bytes: Int) { sum.add(bytes, ordering: .relaxed) }
}
