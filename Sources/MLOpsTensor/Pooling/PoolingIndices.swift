/// Where each maximum of a pooling came from: an input pixel (row · width + column), or −1 for padding alone.
public final class PoolingIndices {
    /// The number of indices: that of the pooling's output elements.
    public let count: Int
    /// The indices.
    public let pointer: UnsafeMutablePointer<Int32>

    /// Makes indices for a pooling with `count` output elements.
    public init(count: Int) {
        precondition(count >= 0, "The number of indices can't be \(count)")
        self.count = count
        // Room past the end lets kernels store whole vectors.
        pointer = UnsafeMutableRawPointer.allocate(byteCount: (count + Tensor.slack) * 4, alignment: 64)
            .bindMemory(to: Int32.self, capacity: count + Tensor.slack)
        pointer.initialize(repeating: -1, count: count + Tensor.slack)
        MemoryTally.current?.add((count + Tensor.slack) * MemoryLayout<Int32>.stride)
    }

    deinit { pointer.deallocate() }

    /// A copy of the indices.
    public var values: [Int32] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
}
