internal import MLOpsCore
package import MLOpsData

/// Gives the pictures of a dataset in one size, from memory when they fit, else by reading them again.
package struct PixelStore: Sendable {
    /// The size of every picture.
    package let width: Int
    package let height: Int

    private let dataset: any Dataset<LabeledImage>
    private let classes: Int
    private let readers: Int
    /// All pictures in the order of the dataset; `nil` when they are read again each time.
    let cache: PixelBatch?

    /// Opens a dataset, and reads all of it when its pictures fit in `cacheByteLimit` bytes.
    ///
    /// - Parameters:
    ///   - classes: labels must be in 0 ..< classes.
    ///   - readers: the number of examples that are read at once.
    /// - Throws: ``MLOpsError`` with `invalidArgument` for a label outside the classes; what the dataset throws.
    package init(
        _ dataset: any Dataset<LabeledImage>, width: Int, height: Int, classes: Int, cacheByteLimit: Int, readers: Int
    ) async throws {
        self.dataset = dataset
        self.width = width
        self.height = height
        self.classes = classes
        self.readers = max(1, readers)
        let (bytes, overflow) = (width * height * 3).multipliedReportingOverflow(by: dataset.count)
        if !overflow, bytes <= cacheByteLimit {
            cache = try await Self.read(
                Array(0..<dataset.count), of: dataset, width: width, height: height, classes: classes,
                readers: self.readers)
        } else {
            cache = nil
        }
    }

    /// The number of pictures.
    package var count: Int { dataset.count }

    /// The classes of all pictures; `nil` when they are not in memory.
    package var labels: [Int]? { cache?.labels }

    /// The pictures at some indices.
    package func batch(_ indices: some Sequence<Int> & Sendable) async throws -> PixelBatch {
        let indices = Array(indices)
        guard let cache else {
            return try await Self.read(
                indices, of: dataset, width: width, height: height, classes: classes, readers: readers)
        }
        return PixelBatch(
            pixels: cache.pixels, starts: indices.map { cache.starts[$0] }, labels: indices.map { cache.labels[$0] },
            indices: indices)
    }

    private static func read(
        _ indices: [Int], of dataset: any Dataset<LabeledImage>, width: Int, height: Int, classes: Int, readers: Int
    ) async throws -> PixelBatch {
        let size = width * height * 3
        var batch = PixelBatch(
            pixels: [UInt8](repeating: 0, count: size * indices.count), starts: indices.indices.map { $0 * size },
            labels: [Int](repeating: 0, count: indices.count), indices: indices)
        try await withThrowingTaskGroup(of: (Int, LabeledImage).self) { group in
            var started = 0
            func start() {
                let place = started
                started += 1
                group.addTask {
                    var example = try await dataset.example(at: indices[place])
                    guard (0..<classes).contains(example.label) else {
                        throw MLOpsError(
                            .invalidArgument,
                            "The example '\(example.id)' has the label \(example.label) of \(classes) classes.",
                            help: "Give labels in 0 ..< \(classes), or a network with more classes.")
                    }
                    example.image = try example.image.resized(width: width, height: height)
                    return (place, example)
                }
            }
            while started < min(readers, indices.count) { start() }
            while let (place, example) = try await group.next() {
                try Task.checkCancellation()
                if started < indices.count { start() }
                batch.labels[place] = example.label
                batch.pixels.replaceSubrange(place * size..<(place + 1) * size, with: example.image.pixels)
            }
        }
        return batch
    }
}
