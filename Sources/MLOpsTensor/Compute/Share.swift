internal import Synchronization

/// The tasks of a job that lie with one thread: it takes them from the front, and others from the back.
///
/// It fills two cache lines, so that threads that take from their own shares do not disturb each other.
struct Share: ~Copyable {
    /// The end in the upper 32 bits, the first in the lower.
    private let tasks = Atomic<UInt64>(0)
    private let padding = SIMD8<UInt64>()

    /// Sets the tasks, while nobody takes any; there are fewer than 2³² of them.
    func set(_ range: Range<Int>) {
        tasks.store(UInt64(range.upperBound) << 32 | UInt64(range.lowerBound), ordering: .relaxed)
    }

    /// The first task; nil when none is left.
    func takeFirst() -> Int? {
        take {
            $0 &+ 1
        } task: { first, _ in
            first
        }
    }

    /// The last task; nil when none is left.
    func takeLast() -> Int? {
        take {
            $0 &- 1 << 32
        } task: { _, end in
            end &- 1
        }
    }

    @inline(__always)
    private func take(_ rest: (UInt64) -> UInt64, task: (UInt64, UInt64) -> UInt64) -> Int? {
        var state = tasks.load(ordering: .relaxed)
        while state & 0xFFFF_FFFF < state >> 32 {
            let (exchanged, original) = tasks.weakCompareExchange(
                expected: state, desired: rest(state), ordering: .relaxed)
            if exchanged { return Int(task(state & 0xFFFF_FFFF, state >> 32)) }
            state = original
        }
        return nil
    }
}
