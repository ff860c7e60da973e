/// A tensor as rows of channels, cut into blocks of rows by its size alone.
struct ChannelRows {
    let rows: Int, channels: Int

    init(_ tensor: Tensor) { (rows, channels) = (tensor.rows, tensor.channels) }

    /// Rows of a block: as many as fit the first levels of the cache.
    var blockRows: Int { max(16, 16384 / max(channels, 1)) }
    var blocks: Int { (rows + blockRows - 1) / blockRows }
    func count(ofBlock block: Int) -> Int { min(blockRows, rows - block * blockRows) }
}

extension Compute {
    /// Runs a kernel on each block of rows; `prepare` points it at the block's results.
    func runChannels(
        _ operation: ChannelsKernel.Operation, _ a: Tensor, _ b: Tensor, output: Tensor? = nil,
        _ prepare: (inout ChannelsKernel, _ block: Int) -> Void
    ) {
        let layout = ChannelRows(a)
        let (a, b, output) = (a.pointer, b.pointer, (output ?? a).pointer)
        parallel(tasks: layout.blocks) { block in
            let offset = block * layout.blockRows * layout.channels
            var kernel = ChannelsKernel(
                operation: operation, a: UnsafePointer(a + offset), b: UnsafePointer(b + offset),
                output: output + offset, first: output, second: output, scale: a, shift: a, mean: a, slope: a)
            (kernel.rows, kernel.channels) = (layout.count(ofBlock: block), layout.channels)
            prepare(&kernel, block)
            instructionSet.run(kernel)
        }
    }

    /// Two sums for each channel: partial sums of blocks in single precision, added in double precision in order.
    func channelSums(
        _ operation: ChannelsKernel.Operation, _ a: Tensor, _ b: Tensor, mean: Tensor?,
        _ finish: (_ channel: Int, _ first: Double, _ second: Double) -> Void
    ) {
        let layout = ChannelRows(a)
        let channels = layout.channels
        scratch.with(.partialSums, 2 * layout.blocks * channels) { sums in
            runChannels(operation, a, b) { kernel, block in
                kernel.first = sums + 2 * block * channels
                kernel.second = kernel.first + channels
                if let mean { kernel.mean = UnsafePointer(mean.pointer) }
            }
            for c in 0..<channels {
                var (first, second) = (0.0, 0.0)
                for block in 0..<layout.blocks {
                    first += Double(sums[2 * block * channels + c])
                    second += Double(sums[(2 * block + 1) * channels + c])
                }
                finish(c, first, second)
            }
        }
    }

    /// The mean and the biased variance of each channel: moments of blocks, joined pair by pair in double precision
    /// (Chan, Golub and LeVeque 1983).
    func channelMoments(_ x: Tensor, _ finish: (_ channel: Int, _ mean: Double, _ variance: Double) -> Void) {
        let layout = ChannelRows(x)
        let channels = layout.channels
        scratch.with(.partialSums, 2 * layout.blocks * channels) { moments in
            runChannels(.moments, x, x) { kernel, block in
                kernel.first = moments + 2 * block * channels
                kernel.second = kernel.first + channels
            }
            for c in 0..<channels {
                var (count, mean, squares) = (0.0, 0.0, 0.0)
                for block in 0..<layout.blocks {
                    let blockCount = Double(layout.count(ofBlock: block))
                    let difference = Double(moments[2 * block * channels + c]) - mean
                    let total = count + blockCount
                    squares += Double(moments[(2 * block + 1) * channels + c])
                    squares += difference * difference * count * blockCount / total
                    mean += difference * blockCount / total
                    count = total
                }
                finish(c, mean, squares / count)
            }
        }
    }
}
