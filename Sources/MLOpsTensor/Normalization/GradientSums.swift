/// Room for the sums of a gradient that goes on through a ReLU and a normalization.
///
/// Whoever writes the gradient may take the sums while it is in the cache: then the gradient needs not be read for them.
package final class GradientSums {
    /// The mean of each channel of the batch, `[C]`.
    let mean: Tensor
    /// `[blocks][2][C]`.
    private(set) var values = Tensor(shape: [0])
    /// Whether they are those of the gradient that was written last.
    private(set) var areTaken = false

    /// Makes room beside the mean of a batch.
    package init(mean: Tensor) { self.mean = mean }

    /// Makes room for the sums of a batch `[…, C]`, which are still to be taken.
    package func begin(for z: Tensor) {
        let layout = ChannelRows(z)
        let count = 2 * layout.blocks * layout.channels
        if values.count < count { values = Tensor(shape: [count]) }
        areTaken = false
    }

    /// The blocks of rows of a gradient to be summed as they are written; nil when some lie in two images.
    func blocks(of dy: Tensor, z: Tensor, _ activation: ChannelActivation) -> NormalizedGradientBlocks? {
        let layout = ChannelRows(z)
        let imageRows = z.shape[1] * z.shape[2]
        guard imageRows % layout.blockRows == 0, values.count >= 2 * layout.blocks * layout.channels else { return nil }
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
