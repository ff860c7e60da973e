/// How a convolution's kernel lies on its input.
public struct ConvolutionGeometry: Sendable, Hashable {
    /// Kernel rows, R.
    public var rows: Int
    /// Kernel columns, S.
    public var columns: Int
    /// Input rows from one output row to the next.
    public var strideY: Int
    /// Input columns from one output column to the next.
    public var strideX: Int
    /// Rows of zeros above the input.
    public var paddingTop: Int
    /// Columns of zeros left of the input.
    public var paddingLeft: Int
    /// Rows of zeros below the input.
    public var paddingBottom: Int
    /// Columns of zeros right of the input.
    public var paddingRight: Int
    /// Input rows from one kernel row to the next.
    public var dilationY: Int
    /// Input columns from one kernel column to the next.
    public var dilationX: Int
    /// Into how many groups the channels are cut, each convolved on its own.
    public var groups: Int

    /// Makes a geometry with each side spelled out.
    public init(
        rows: Int, columns: Int, strideY: Int = 1, strideX: Int = 1, paddingTop: Int = 0, paddingLeft: Int = 0,
        paddingBottom: Int = 0, paddingRight: Int = 0, dilationY: Int = 1, dilationX: Int = 1, groups: Int = 1
    ) {
        precondition(rows > 0 && columns > 0, "A kernel of \(rows)×\(columns) has no elements")
        precondition(strideY > 0 && strideX > 0, "Strides must be positive, not \(strideY) and \(strideX)")
        precondition(dilationY > 0 && dilationX > 0, "Dilations must be positive, not \(dilationY) and \(dilationX)")
        precondition(
            min(paddingTop, paddingLeft, paddingBottom, paddingRight) >= 0,
            "Padding can't be negative: \(paddingTop), \(paddingLeft), \(paddingBottom), \(paddingRight)")
        precondition(groups > 0, "There must be at least one group, not \(groups)")
        self.rows = rows
        self.columns = columns
        self.strideY = strideY
        self.strideX = strideX
        self.paddingTop = paddingTop
        self.paddingLeft = paddingLeft
        self.paddingBottom = paddingBottom
        self.paddingRight = paddingRight
        self.dilationY = dilationY
        self.dilationX = dilationX
        self.groups = groups
    }

    /// Makes a square geometry with the same padding on all sides.
    public init(kernel: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1) {
        self.init(
            rows: kernel, columns: kernel, strideY: stride, strideX: stride, paddingTop: padding, paddingLeft: padding,
            paddingBottom: padding, paddingRight: padding, dilationY: dilation, dilationX: dilation, groups: groups)
    }

    /// The rows and columns of the output, P and Q; zero where the kernel does not fit into the padded input.
    public func outputSize(height: Int, width: Int) -> (height: Int, width: Int) {
        let spareY = height + paddingTop + paddingBottom - (rows - 1) * dilationY - 1
        let spareX = width + paddingLeft + paddingRight - (columns - 1) * dilationX - 1
        return (spareY < 0 ? 0 : spareY / strideY + 1, spareX < 0 ? 0 : spareX / strideX + 1)
    }
}
