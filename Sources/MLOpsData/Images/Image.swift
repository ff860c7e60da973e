internal import MLOpsCore

/// A picture in memory: red, green and blue, 8 bits each, rows from the top, without padding.
public struct Image: Sendable, Hashable {
    /// Pixels across; at least 1.
    public let width: Int
    /// Pixels down; at least 1.
    public let height: Int
    /// The pixels, [height, width, 3]; their number can't change.
    public var pixels: [UInt8] {
        didSet {
            precondition(
                pixels.count == width * height * 3, "\(width) × \(height) pixels can't have \(pixels.count) bytes")
        }
    }

    /// Makes a picture of pixels.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when the sizes and the number of bytes disagree.
    public init(width: Int, height: Int, pixels: [UInt8]) throws {
        let (row, rowOverflow) = width.multipliedReportingOverflow(by: 3)
        let (count, overflow) = row.multipliedReportingOverflow(by: height)
        guard width >= 1, height >= 1, !rowOverflow, !overflow, count == pixels.count else {
            throw MLOpsError(
                .invalidArgument, "A picture of \(width) × \(height) can't have \(pixels.count) bytes.",
                help: "Give width × height × 3 bytes, and sizes of at least 1.")
        }
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// Makes a picture of pixels whose number is known to be right.
    init(width: Int, height: Int, checkedPixels: [UInt8]) {
        precondition(
            width >= 1 && height >= 1 && checkedPixels.count == width * height * 3,
            "\(width) × \(height) pixels have \(checkedPixels.count) bytes")
        self.width = width
        self.height = height
        self.pixels = checkedPixels
    }
}

/// A picture with its class, as a trainer takes it.
public struct LabeledImage: Sendable, Hashable {
    /// The picture.
    public var image: Image
    /// The index of its class.
    public var label: Int
    /// The id of the example, unique in its dataset.
    public var id: String

    /// Makes an example.
    public init(_ image: Image, label: Int, id: String) {
        self.image = image
        self.label = label
        self.id = id
    }
}
