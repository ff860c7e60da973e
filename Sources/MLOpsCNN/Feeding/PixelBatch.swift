/// Pictures of one size for a batch, as bytes.
package struct PixelBatch: Sendable {
    /// Where the pictures lie; it may hold others too.
    package var pixels: [UInt8]
    /// Where in `pixels` each picture of the batch starts, [H, W, 3].
    package var starts: [Int]
    /// The class of each picture.
    package var labels: [Int]
    /// The index of each picture in its dataset.
    package var indices: [Int]

    /// Makes a batch.
    package init(pixels: [UInt8], starts: [Int], labels: [Int], indices: [Int]) {
        self.pixels = pixels
        self.starts = starts
        self.labels = labels
        self.indices = indices
    }

    /// The number of pictures.
    package var count: Int { starts.count }
}
