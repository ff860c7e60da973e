/// The gradient of a maximum pooling, as what is needed to write that of its input where it is read next.
package struct PooledGradient {
    /// The gradient for the maxima, `[N, P, Q, C]`.
    package let dy: Tensor
    /// Where they came from.
    package let indices: PoolingIndices
    /// The pooling's.
    package let geometry: PoolingGeometry

    /// Makes a gradient.
    package init(dy: Tensor, indices: PoolingIndices, geometry: PoolingGeometry) {
        (self.dy, self.indices, self.geometry) = (dy, indices, geometry)
    }

    /// The rows of windows of an image's gradient `[N, H, W, C]`; nil when windows don't tile the image.
    func rows(of dx: Tensor) -> PooledGradientRows? {
        guard geometry.tiles(height: dx.shape[1], width: dx.shape[2]) else { return nil }
        let bits = UnsafeMutableRawPointer(indices.pointer).assumingMemoryBound(to: Float.self)
        var kernel = PoolingGradientKernel(gradient: dy.pointer, indices: bits, image: dx.pointer)
        (kernel.width, kernel.channels, kernel.outputs) = (dx.shape[2], dx.shape[3], dy.shape[2])
        (kernel.windowRows, kernel.windowColumns) = (geometry.rows, geometry.columns)
        return PooledGradientRows(kernel: kernel, height: dx.shape[1], images: dx.shape[0])
    }
}

/// The rows of windows of all images, each of which is written by itself.
struct PooledGradientRows {
    let kernel: PoolingGradientKernel
    let height: Int
    let images: Int

    private var rowsOfImage: Int { height / kernel.windowRows }
    var count: Int { images * rowsOfImage }
    /// The pixels that a row of windows covers; they lie side by side.
    var pixels: Int { kernel.windowRows * kernel.width }

    /// Writes the gradient of the pixels of a row of windows.
    func write(_ row: Int, _ instructionSet: InstructionSet) {
        var kernel = kernel
        let offset = row * kernel.outputs * kernel.channels
        kernel.gradient += offset
        kernel.indices += offset
        kernel.image += row / rowsOfImage * height * kernel.width * kernel.channels
        kernel.firstRow = row % rowsOfImage * kernel.windowRows
        instructionSet.run(kernel)
    }
}
