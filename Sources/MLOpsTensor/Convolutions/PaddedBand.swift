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

    /// Copies the rows that start at `firstRow` of the padded image, and does what is left to be done to its channels.
    ///
    /// - Parameter offset: the image's first float.
    func copy(
        _ x: PixelSource, offset: Int, from firstRow: Int, to band: UnsafeMutablePointer<Float>,
        _ instructionSet: InstructionSet
    ) {
        switch x {
        case .plain(let pixels): copy(pixels + offset, from: firstRow, to: band)
        case .activated(let source):
            copy(source.pixels + offset, from: firstRow, to: band)
            let (start, end) = imageColumns
            for i in 0..<rows where imageRow(i, firstRow) != nil {
                let row = band + (i * rowStride + start * channels)
                var kernel = ChannelsKernel(
                    operation: .affineRelu, a: row, b: row, output: row, first: row, second: row, scale: source.scale,
                    shift: source.shift, mean: source.scale, slope: source.scale)
                (kernel.rows, kernel.channels) = (end - start, channels)
                instructionSet.run(kernel)
            }
        case .gradient: preconditionFailure("Gradients are written down before they are copied")
        }
    }

    private func copy(_ image: UnsafePointer<Float>, from firstRow: Int, to band: UnsafeMutablePointer<Float>) {
        for i in 0..<rows {
            let target = band + i * rowStride
            guard let row = imageRow(i, firstRow) else {
                target.update(repeating: 0, count: rowStride)
                continue
            }
            let source = image + row * width * channels
            if spreadX == 1 { copyRow(source, to: target) } else { spreadRow(source, to: target) }
        }
    }

    /// The row of the image that lies in a row of the band; nil for zeros.
    private func imageRow(_ i: Int, _ firstRow: Int) -> Int? {
        let offset = firstRow + i - top
        return offset >= 0 && offset % spreadY == 0 && offset / spreadY < height ? offset / spreadY : nil
    }

    /// The columns of the band between which the image lies, when it is not spread.
    private var imageColumns: (start: Int, end: Int) {
        let start = min(max(left, 0), columns)
        return (start, max(start, min(columns, left + width)))
    }

    private func copyRow(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>) {
        let (start, end) = imageColumns
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
