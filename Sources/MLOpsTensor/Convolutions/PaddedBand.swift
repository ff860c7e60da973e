/// A band of image rows copied with its padding, so that a convolution reads it without looking at edges.
///
/// Rows and columns may be spread apart with zeros in between, as the gradient of a strided convolution needs.
struct PaddedBand {
    /// Rows, columns and channels of the image.
    let height: Int, width: Int, channels: Int
    /// Zeros above and left of the image; negative numbers cut it.
    let top: Int, left: Int
    /// From one image row, or column, to the next in the band.
    var spreadY = 1, spreadX = 1
    /// The size of the band.
    let rows: Int, columns: Int

    /// The floats of a band row.
    var rowStride: Int { columns * channels }

    /// Copies the rows that start at `firstRow` of the padded image.
    func copy(_ image: UnsafePointer<Float>, from firstRow: Int, to band: UnsafeMutablePointer<Float>) {
        for i in 0..<rows {
            let target = band + i * rowStride
            let offset = firstRow + i - top
            guard offset >= 0, offset % spreadY == 0, offset / spreadY < height else {
                target.update(repeating: 0, count: rowStride)
                continue
            }
            let source = image + offset / spreadY * width * channels
            if spreadX == 1 { copyRow(source, to: target) } else { spreadRow(source, to: target) }
        }
    }

    private func copyRow(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>) {
        let start = min(max(left, 0), columns)
        let end = max(start, min(columns, left + width))
        target.update(repeating: 0, count: start * channels)
        (target + start * channels).update(from: source + (start - left) * channels, count: (end - start) * channels)
        (target + end * channels).update(repeating: 0, count: (columns - end) * channels)
    }

    private func spreadRow(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>) {
        target.update(repeating: 0, count: rowStride)
        for column in 0..<width {
            let place = left + column * spreadX
            if place >= 0 && place < columns {
                (target + place * channels).update(from: source + column * channels, count: channels)
            }
        }
    }
}
