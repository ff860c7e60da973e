public import Foundation
internal import MLOpsCore

/// Labeled gray pictures in the two files of the MNIST family: one of pictures, one of labels.
///
/// A picture becomes red, green and blue of the same value. Files stay on disk and are read as they are asked for.
///
/// Source: Y. LeCun et al., "The MNIST database", the IDX file format.
public struct IDXDataset: Dataset {
    /// Pixels across.
    public let width: Int
    /// Pixels down.
    public let height: Int
    /// The number of pictures.
    public let count: Int

    private let images: Data
    private let labels: Data

    /// Opens the files, unpacked.
    ///
    /// - Parameters:
    ///   - images: `[N, height, width]` bytes, 0 for black.
    ///   - labels: `[N]` bytes.
    /// - Throws: ``MLOpsError`` with `notFound` for a missing file, `corruptData` for one that is not of the format or
    ///   whose length is not what it says, `invalidArgument` when the files have different numbers of examples.
    public init(images: URL, labels: URL) throws {
        let (pictures, shape) = try Self.open(images, rank: 3)
        let (classes, counts) = try Self.open(labels, rank: 1)
        guard shape[0] == counts[0] else {
            throw MLOpsError(
                .invalidArgument, "There are \(shape[0]) pictures in \(images.path), but \(counts[0]) labels.",
                help: "Give the two files of one dataset.")
        }
        (count, height, width) = (shape[0], shape[1], shape[2])
        (self.images, self.labels) = (pictures, classes)
    }

    /// A picture with its label; its id is its place, from 0.
    ///
    /// - Throws: ``MLOpsError`` with `notFound` for an index outside the dataset.
    public func example(at index: Int) throws -> LabeledImage {
        guard (0..<count).contains(index) else {
            throw MLOpsError(
                .notFound, "There is no picture \(index) of \(count).", help: "Ask for one in 0 ..< \(count).")
        }
        let size = width * height
        let start = images.startIndex + index * size
        let gray = images[start..<start + size]
        let pixels = gray.flatMap { [$0, $0, $0] }
        return LabeledImage(
            Image(width: width, height: height, checkedPixels: pixels), label: Int(labels[labels.startIndex + index]),
            id: "\(index)")
    }

    /// The elements of a file of bytes and their extents.
    private static func open(_ file: URL, rank: Int) throws -> (Data, [Int]) {
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw MLOpsError(
                .notFound, "There is no file \(file.path).", help: "Give the path of an unpacked IDX file.")
        }
        let data = try Data(contentsOf: file, options: .mappedIfSafe)
        // Two zeros, the type (8: bytes), the number of extents; then the extents, big-endian.
        guard data.count >= 4 + 4 * rank, [UInt8](data.prefix(4)) == [0, 0, 8, UInt8(rank)] else {
            throw MLOpsError(
                .corruptData, "\(file.path) is not an IDX file of bytes with \(rank) extents.",
                help: data.starts(with: [0x1F, 0x8B]) ? "Unpack it first: gunzip." : "Give another file.")
        }
        let header = [UInt8](data.prefix(4 + 4 * rank))
        let extents = (1...rank).map { axis in header[4 * axis..<4 * axis + 4].reduce(0) { $0 << 8 | Int($1) } }
        var size = 1
        for extent in extents {
            let (product, overflow) = size.multipliedReportingOverflow(by: extent)
            size = overflow ? -1 : product
        }
        guard extents.dropFirst().allSatisfy({ $0 >= 1 }), size == data.count - header.count else {
            throw MLOpsError(
                .corruptData,
                "\(file.path) says that it has \(extents) elements, but holds \(data.count - header.count).",
                help: "Fetch the file again.")
        }
        return (data.dropFirst(header.count), extents)
    }
}
