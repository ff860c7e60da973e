#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Memory for what stays long and is large, such as weights: asked of the system in large pages where it has them, for to
/// get small ones one by one takes longer than to fill them; and given back as a whole.
///
/// Unchecked Sendable: the address never changes; what lies there is the tensor's, whose owner says who may write it.
final class KeptMemory: @unchecked Sendable {
    /// Less is better taken from the heap.
    static let leastByteCount = pageByteCount
    private static let pageByteCount = 1 << 21

    let pointer: UnsafeMutablePointer<Float>
    private let start: UnsafeMutableRawPointer
    private let byteCount: Int

    /// Takes memory for some floats, all zero; `nil` when there is less than a large page of them, or the system has none.
    init?(count: Int) {
        #if os(Linux)
            guard count * MemoryLayout<Float>.stride >= Self.leastByteCount else { return nil }
            let size = count * MemoryLayout<Float>.stride + Self.pageByteCount
            let flags = MAP_PRIVATE | MAP_ANONYMOUS
            guard let start = mmap(nil, size, PROT_READ | PROT_WRITE, flags, -1, 0), start != MAP_FAILED else {
                return nil
            }
            (self.start, byteCount) = (start, size)
            // Only whole large pages are asked for, so that none is larger than what it is needed for.
            let aligned = start.alignedUp(toMultipleOf: Self.pageByteCount)
            let whole = count * MemoryLayout<Float>.stride / Self.pageByteCount * Self.pageByteCount
            // From <asm-generic/mman-common.h>; a system that does not know it gives small pages.
            let hugePages: Int32 = 14
            _ = madvise(aligned, whole, hugePages)
            pointer = aligned.bindMemory(to: Float.self, capacity: count)
        #else
            return nil
        #endif
    }

    deinit {
        #if os(Linux)
            munmap(start, byteCount)
        #endif
    }
}
