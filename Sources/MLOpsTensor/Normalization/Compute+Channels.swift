/// A tensor as rows of channels, cut into blocks of rows by its size alone.
struct ChannelRows {
    let rows: Int, channels: Int

    init(_ tensor: Tensor) { (rows, channels) = (tensor.rows, tensor.channels) }

    /// Rows of a block: as many as fit the first levels of the cache.
    var blockRows: Int { max(16, 16384 / max(channels, 1)) }
    var blocks: Int { (rows + blockRows - 1) / blockRows }
    func count(ofBlock block: Int) -> Int { min(blockRows, rows - block * blockRows) }

    /// Adds up the two sums of each block, `[blocks][2][C]`, in double precision.
    func addSums(
        _ sums: UnsafePointer<Float>, _ finish: (_ channel: Int, _ first: Double, _ second: Double) -> Void
    ) {
        for start in stride(from: 0, to: channels, by: 8) {
            let octet = ChannelOctet(first: start, channels: channels)
            var (first, second) = (SIMD8<Double>(), SIMD8<Double>())
            for block in 0..<blocks {
                first += octet.numbers(in: sums + 2 * block * channels)
                second += octet.numbers(in: sums + (2 * block + 1) * channels)
            }
            for c in octet.range { finish(c, first[c - start], second[c - start]) }
        }
    }
}

extension Compute {
    /// Runs a kernel on each block of rows; `prepare` points it at what it reads, and at where the first block's sums
    /// go, `[blocks][2][C]`, if it makes any.
    func runChannels(
        _ operation: ChannelsKernel.Operation, _ a: Tensor, _ b: Tensor, output: Tensor? = nil,
        _ prepare: (inout ChannelsKernel) -> Void
    ) {
        let layout = ChannelRows(a)
        let (a, b, output) = (a.pointer, b.pointer, (output ?? a).pointer)
        var kernel = ChannelsKernel(
            operation: operation, a: UnsafePointer(a), b: UnsafePointer(b), output: output, first: output,
            second: output, scale: a, shift: a, mean: a, slope: a)
        kernel.channels = layout.channels
        prepare(&kernel)
        parallel(tasks: layout.blocks, with: (kernel, layout, instructionSet)) { work, block in
            var (kernel, layout, set) = work
            let offset = block * layout.blockRows * layout.channels
            kernel.a += offset
            kernel.b += offset
            kernel.output += offset
            kernel.first += 2 * block * layout.channels
            kernel.second += 2 * block * layout.channels
            kernel.rows = layout.count(ofBlock: block)
            set.run(kernel)
        }
    }

    /// Two sums for each channel: partial sums of blocks in single precision, added in double precision in order.
    func channelSums(
        _ operation: ChannelsKernel.Operation, _ a: Tensor, _ b: Tensor, mean: Tensor?,
        _ finish: (_ channel: Int, _ first: Double, _ second: Double) -> Void
    ) {
        let layout = ChannelRows(a)
        scratch.with(.partialSums, 2 * layout.blocks * layout.channels) { sums in
            runChannels(operation, a, b) { kernel in
                (kernel.first, kernel.second) = (sums, sums + layout.channels)
                if let mean { kernel.mean = UnsafePointer(mean.pointer) }
            }
            layout.addSums(sums, finish)
        }
    }

    /// The mean and the biased variance of each channel of `x`, `[…, C]`.
    package func channelMoments(_ x: Tensor, into moments: ChannelMoments) {
        moments.requireFit(x)
        channelMoments(x) { moments.set($0, mean: $1, variance: $2) }
    }

    /// The mean and the biased variance of each channel.
    func channelMoments(_ x: Tensor, _ finish: (_ channel: Int, _ mean: Double, _ variance: Double) -> Void) {
        let layout = ChannelRows(x)
        let channels = layout.channels
        scratch.with(.partialSums, 2 * layout.blocks * channels) { values in
            let moments = PartialMoments(values: values, channels: channels)
            let y = x.pointer
            parallel(tasks: layout.blocks, with: (layout, moments, y, instructionSet)) { work, block in
                let (layout, moments, y, set) = work
                let first = block * layout.blockRows
                moments.take(block, of: y, rows: first..<first + layout.count(ofBlock: block), set)
            }
            moments.join(layout.blocks, rows: layout.count(ofBlock:), finish)
        }
    }
}
