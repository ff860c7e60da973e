/// A convolution as matrix products on the padded image itself: for each kernel row, the pixels under it lie side by
/// side in memory, so that they are rows of a matrix whose stride is a pixel. Serves all kernels, strides, dilations
/// and groups.
struct DirectConvolution {
    let images: Int, height: Int, width: Int, inputs: Int
    let rows: Int, columns: Int, outputs: Int
    let kernelRows: Int, kernelColumns: Int
    let strideY: Int, strideX: Int, dilationY: Int, dilationX: Int
    let top: Int, left: Int
    let groups: Int
    var spreadY = 1, spreadX = 1

    init(_ g: ConvolutionGeometry, x: [Int], y: [Int]) {
        (images, height, width, inputs) = (x[0], x[1], x[2], x[3])
        (rows, columns, outputs) = (y[1], y[2], y[3])
        (kernelRows, kernelColumns) = (g.rows, g.columns)
        (strideY, strideX, dilationY, dilationX) = (g.strideY, g.strideX, g.dilationY, g.dilationX)
        (top, left, groups) = (g.paddingTop, g.paddingLeft, g.groups)
    }

    /// The convolution that gives the gradient for the input: that of `dy`, spread by the strides, with the kernel
    /// turned by 180° and its channels exchanged.
    init(backwardDataOf g: ConvolutionGeometry, dx: [Int], dy: [Int]) {
        (images, height, width, inputs) = (dy[0], dy[1], dy[2], dy[3])
        (rows, columns, outputs) = (dx[1], dx[2], dx[3])
        (kernelRows, kernelColumns) = (g.rows, g.columns)
        (strideY, strideX, dilationY, dilationX) = (1, 1, g.dilationY, g.dilationX)
        top = (g.rows - 1) * g.dilationY - g.paddingTop
        left = (g.columns - 1) * g.dilationX - g.paddingLeft
        groups = g.groups
        (spreadY, spreadX) = (g.strideY, g.strideX)
    }

    var groupInputs: Int { inputs / groups }
    var groupOutputs: Int { outputs / groups }
    /// The terms of each output's sum.
    var terms: Int { kernelRows * kernelColumns * groupInputs }
    /// Output rows of a band: enough pixels to be worth a task, and as many in each band as can be. Few images are cut
    /// into smaller bands, so that threads find enough tasks of one size.
    var bandRows: Int {
        let most = max(1, min(rows, 128 / max(columns, 1)))
        // The outputs of a band make several tasks too, unless there are groups.
        let tasks = groups > 1 ? images : images * max(1, outputs / 64)
        let wanted = max((rows + most - 1) / most, min(rows, (groups > 1 ? 16 : 8) / max(tasks, 1)))
        return (rows + wanted - 1) / wanted
    }
    var bands: Int { (rows + bandRows - 1) / bandRows }

    /// The rows of pixels that a band of an image gives, over all images.
    func outputRows(ofTask task: Int) -> Range<Int> {
        let row = task % bands * bandRows
        let first = (task / bands * rows + row) * columns
        return first..<first + min(bandRows, rows - row) * columns
    }

    /// The padded input of some output rows.
    func band(outputRows: Int) -> PaddedBand {
        PaddedBand(
            height: height, width: width, channels: inputs, top: top, left: left, spreadY: spreadY, spreadX: spreadX,
            rows: (outputRows - 1) * strideY + (kernelRows - 1) * dilationY + 1,
            columns: (columns - 1) * strideX + (kernelColumns - 1) * dilationX + 1)
    }

    /// The floats of a band, with what tiles read past its end.
    var bandCount: Int {
        let band = band(outputRows: bandRows)
        return band.rows * band.rowStride + 8 * strideX * inputs + 64
    }

    /// The floats that a band gives, with what tiles read past its end.
    var bandOutputCount: Int { bandRows * columns * outputs + 64 }

    /// Into how many parts the panels of output channels are cut, so that few bands still are several tasks.
    func parts(panels: Int) -> Int {
        let bands = images * bands
        guard groups == 1, bands < 8 else { return 1 }
        let panelsOfPart = max(1, panels * bands / 16)
        return (panels + panelsOfPart - 1) / panelsOfPart
    }

    /// The pixels of a band where products can read the image itself: without padding, and as it is; else nil. Patches are
    /// gathered from a copy, past whose end they may read.
    func pixels(of x: PixelSource, task: Int) -> UnsafePointer<Float>? {
        guard !gathersPatches, case .plain(let pixels) = x, top <= 0, left <= 0, spreadY == 1, spreadX == 1,
            (rows - 1) * strideY + (kernelRows - 1) * dilationY - top < height,
            (columns - 1) * strideX + (kernelColumns - 1) * dilationX - left < width
        else { return nil }
        let row = task / bands * height + task % bands * bandRows * strideY - top
        return pixels + (row * width - left) * inputs
    }

    /// Copies the padded input of a band.
    func copyBand(
        _ task: Int, _ x: PixelSource, to memory: UnsafeMutablePointer<Float>, _ instructionSet: InstructionSet
    ) {
        band(outputRows: outputRows(ofTask: task).count / columns).copy(
            x, offset: task / bands * height * width * inputs, from: task % bands * bandRows * strideY, to: memory,
            instructionSet)
    }

    /// Whether each channel has a kernel of its own.
    var isDepthwise: Bool { groups == inputs && groups == outputs }

    /// Whether kernel columns and channels lie side by side, so that they make one loop.
    var mergesColumns: Bool { Self.mergesColumns(dilationX: dilationX, groups: groups) }

    /// The same before anything else is known.
    static func mergesColumns(dilationX: Int, groups: Int) -> Bool { dilationX == 1 && groups == 1 }
}
