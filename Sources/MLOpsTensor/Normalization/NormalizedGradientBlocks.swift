/// A kernel over blocks of rows, each of which is worked on by itself.
struct NormalizedGradientBlocks {
    private var kernel: NormalizedGradientKernel
    private let layout: ChannelRows
    /// What writes the `dy` of a block before it is worked on.
    private let windows: PooledGradientRows?

    /// Makes blocks of a kernel for the first row.
    init(_ kernel: NormalizedGradientKernel, _ layout: ChannelRows, after windows: PooledGradientRows? = nil) {
        (self.kernel, self.layout, self.windows) = (kernel, layout, windows)
        self.kernel.channels = layout.channels
    }

    var count: Int { layout.blocks }

    /// How many blocks end at a row or before it.
    func count(before row: Int) -> Int { row / layout.blockRows }

    /// Works on a block, after a pooling's gradient was written there if it is still to be.
    func run(_ block: Int, _ instructionSet: InstructionSet) {
        var kernel = kernel
        let offset = block * layout.blockRows * layout.channels
        kernel.pixels.dy += offset
        kernel.pixels.z += offset
        kernel.rows = layout.count(ofBlock: block)
        if let windows {
            let first = block * layout.blockRows / windows.pixels
            for row in first..<first + kernel.rows / windows.pixels { windows.write(row, instructionSet) }
        }
        switch kernel.operation {
        case .values(let target): kernel.operation = .values(target + offset)
        case .sums(let first, let second, let mean):
            let sums = 2 * block * layout.channels
            kernel.operation = .sums(first + sums, second + sums, mean: mean)
        }
        instructionSet.run(kernel)
    }
}
