/// An image whose channels are convolved each by itself, as one task sees it; its padding is not there.
struct DepthwiseImage {
    let pixels: UnsafePointer<Float>
    let height: Int, width: Int
    /// The rows above the image that the kernel covers at the task's first output row, negative for rows of the image
    /// that it has passed; and the columns to the left of the image at the first output.
    let top: Int, left: Int
}

extension DirectConvolution {
    /// The image of a task, where it can be read as it lies: nothing is to be done to it, and it is not spread.
    func image(of x: PixelSource, task: Int) -> DepthwiseImage? {
        guard case .plain(let pixels) = x, spreadY == 1, spreadX == 1 else { return nil }
        return DepthwiseImage(
            pixels: pixels + task / bands * height * width * inputs, height: height, width: width,
            top: top - task % bands * bandRows * strideY, left: left)
    }

    /// The copy of a task's image with its padding.
    func image(inBand memory: UnsafeMutablePointer<Float>, outputRows: Int) -> DepthwiseImage {
        let size = band(outputRows: outputRows)
        return DepthwiseImage(
            pixels: UnsafePointer(memory), height: size.rows, width: size.columns, top: 0, left: 0)
    }
}

extension DepthwiseKernel {
    /// Tells it where its columns lie.
    mutating func setColumns(of image: DepthwiseImage, _ direct: DirectConvolution) {
        start = 0 - image.left * direct.inputs
        rowCount = image.width * direct.inputs
        // The last column that the kernel may begin at, and the first: outputs q with 0 ≤ q · stride − left ≤ last.
        let last = image.width - 1 - (direct.kernelColumns - 1) * direct.dilationX
        let first = (max(image.left, 0) + direct.strideX - 1) / direct.strideX
        let end = last + image.left < 0 ? 0 : (last + image.left) / direct.strideX + 1
        firstInside = min(first, direct.columns)
        endInside = max(firstInside, min(end, direct.columns))
    }

    /// Tells it where its rows lie for an output row of the task.
    mutating func setRows(of image: DepthwiseImage, _ direct: DirectConvolution, outputRow: Int) {
        let (row, step) = (outputRow * direct.strideY - image.top, direct.dilationY)
        band = image.pixels + row * image.width * direct.inputs
        firstRow = row < 0 ? min(direct.kernelRows, (step - 1 - row) / step) : 0
        endRow = max(firstRow, min(direct.kernelRows, (image.height - 1 - row + step) / step))
    }
}
