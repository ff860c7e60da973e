internal import Synchronization

/// Buffers that are lent to kernels and come back, so that no call allocates once the largest sizes are known.
final class ScratchMemory: Sendable {
    /// What a buffer is for; buffers of each kind are kept apart, for their sizes differ.
    enum Kind: Int {
        /// Shared by all tasks of a call, such as transformed weights.
        case call
        /// Shared by all tasks of a call, in addition to `call`.
        case partialSums
        /// Of one task.
        case task
    }

    /// Unchecked Sendable: a buffer is in the list, where nobody uses it, or with the one who took it out.
    private final class Buffer: @unchecked Sendable {
        private(set) var pointer = UnsafeMutablePointer<Float>.allocateAligned(1)
        private(set) var capacity = 1

        func grow(to count: Int) {
            guard count > capacity else { return }
            pointer.deallocate()
            pointer = .allocateAligned(count)
            pointer.initialize(repeating: 0, count: count)
            capacity = count
        }

        deinit { pointer.deallocate() }
    }

    private let free = Mutex<[[Buffer]]>([[], [], []])

    /// The bytes of all buffers, if each thread had as much for its tasks as the first has.
    func bytes(threads: Int) -> Int {
        free.withLock { kinds in
            kinds.enumerated().reduce(0) { sum, kind in
                let bytes = kind.element.reduce(0) { $0 + $1.capacity * MemoryLayout<Float>.stride }
                return sum + bytes * (kind.offset == Kind.task.rawValue ? threads : 1)
            }
        }
    }

    /// Lends `count` floats, aligned to 64 bytes, of any content, with ``Tensor/slack`` more behind them.
    func with<Result>(
        _ kind: Kind, _ count: Int, _ body: (UnsafeMutablePointer<Float>) throws -> Result
    ) rethrows -> Result {
        let buffer = free.withLock { $0[kind.rawValue].popLast() } ?? Buffer()
        defer { free.withLock { $0[kind.rawValue].append(buffer) } }
        buffer.grow(to: count + Tensor.slack)
        return try body(buffer.pointer)
    }
}
