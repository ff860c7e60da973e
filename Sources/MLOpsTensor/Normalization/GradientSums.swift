/// Room for the sums of a gradient that goes on through a ReLU and a normalization.
///
/// Whoever writes the gradient may take the sums while it is in the cache: then nobody has to read it for them.
package final class GradientSums {
    /// The mean of each channel of the batch, `[C]`.
    let mean: Tensor
    /// `[blocks][2][C]`.
    private(set) var values = Tensor(shape: [0])
    /// Whether they are those of the gradient that was written last.
    package private(set) var areTaken = false

    /// Makes room beside the mean of a batch.
    package init(mean: Tensor) { self.mean = mean }

    /// Forgets the sums of an earlier gradient.
    package func forget() { areTaken = false }

    /// The blocks of rows of a gradient to be summed as they are written; nil when some lie in two images, which may be
    /// written at the same time.
    func blocks(of dy: Tensor, z: Tensor, _ activation: ChannelActivation) -> NormalizedGradientBlocks? {
        let layout = ChannelRows(z)
        let imageRows = z.shape[1] * z.shape[2]
        guard imageRows % layout.blockRows == 0 else { return nil }
        let count = 2 * layout.blocks * layout.channels
        if values.count < count { values = Tensor(shape: [count]) }
        let sums = values.pointer
        return NormalizedGradientBlocks(
            NormalizedGradientKernel(
                operation: .sums(sums, sums + layout.channels, mean: UnsafePointer(mean.pointer)),
                pixels: NormalizedGradientPixels(dy: dy, z: z, activation), clipping: .relu),
            layout)
    }

    /// Says that all blocks were summed.
    func end() { areTaken = true }
}
