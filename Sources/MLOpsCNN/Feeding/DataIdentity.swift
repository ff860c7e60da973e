package import MLOpsCore

/// What tells the pictures and labels of a training from others: what it began with, it must go on with.
package struct DataIdentity: Sendable, Hashable, Codable {
    /// The number of examples.
    package var count: Int
    /// The digest of at most 64 examples that lie evenly in the dataset.
    package var sample: Digest
    /// The digest of all; `nil` when they are not in memory.
    package var all: Digest?

    /// Whether both are of the same data, as far as both know it.
    package func matches(_ other: DataIdentity) -> Bool {
        count == other.count && sample == other.sample && (all == nil || other.all == nil || all == other.all)
    }
}

extension PixelStore {
    /// The identity of the pictures, as they were resized, and of their labels.
    package func identity() async throws -> DataIdentity {
        let few = (0..<min(64, count)).map { $0 * count / min(64, count) }
        return DataIdentity(count: count, sample: try await batch(few).digest(size), all: cache?.digest(size))
    }

    private var size: Int { width * height * 3 }
}

extension PixelBatch {
    /// The digest of the pictures of `size` bytes, and of their labels.
    fileprivate func digest(_ size: Int) -> Digest {
        var digester = Digester()
        digester.update(Array("\(size) \(labels)".utf8))
        for start in starts { digester.update(pixels[start..<start + size]) }
        return digester.finalize()
    }
}
