/// How a pooling window moves over its input.
public struct PoolingGeometry: Sendable, Hashable {
    /// Window rows.
    public var rows: Int
    /// Window columns.
    public var columns: Int
    /// Input rows from one output row to the next.
    public var strideY: Int
    /// Input columns from one output column to the next.
    public var strideX: Int
    /// Rows of padding above the input; padding never is the maximum.
    public var paddingTop: Int
    /// Columns of padding left of the input.
    public var paddingLeft: Int
    /// Rows of padding below the input.
    public var paddingBottom: Int
    /// Columns of padding right of the input.
    public var paddingRight: Int

    /// Makes a geometry with each side spelled out; strides are the window's size when nil.
    public init(
        rows: Int, columns: Int, strideY: Int? = nil, strideX: Int? = nil, paddingTop: Int = 0, paddingLeft: Int = 0,
        paddingBottom: Int = 0, paddingRight: Int = 0
    ) {
        self.rows = rows
        self.columns = columns
        self.strideY = strideY ?? rows
        self.strideX = strideX ?? columns
        self.paddingTop = paddingTop
        self.paddingLeft = paddingLeft
        self.paddingBottom = paddingBottom
        self.paddingRight = paddingRight
        precondition(rows > 0 && columns > 0, "A window of \(rows)×\(columns) has no elements")
        precondition(
            self.strideY > 0 && self.strideX > 0, "Strides must be positive, not \(self.strideY) and \(self.strideX)")
        precondition(
            min(paddingTop, paddingLeft, paddingBottom, paddingRight) >= 0,
            "Padding can't be negative: \(paddingTop), \(paddingLeft), \(paddingBottom), \(paddingRight)")
    }

    /// Makes a square geometry with the same padding on all sides; the stride is the window's size when nil.
    public init(window: Int, stride: Int? = nil, padding: Int = 0) {
        self.init(
            rows: window, columns: window, strideY: stride, strideX: stride, paddingTop: padding, paddingLeft: padding,
            paddingBottom: padding, paddingRight: padding)
    }

    /// The rows and columns of the output, P and Q; zero where the window does not fit into the padded input.
    public func outputSize(height: Int, width: Int) -> (height: Int, width: Int) {
        let spareY = height + paddingTop + paddingBottom - rows
        let spareX = width + paddingLeft + paddingRight - columns
        return (spareY < 0 ? 0 : spareY / strideY + 1, spareX < 0 ? 0 : spareX / strideX + 1)
    }

    /// Whether each pixel of an image lies in exactly one window.
    func tiles(height: Int, width: Int) -> Bool {
        (strideY, strideX) == (rows, columns) && height % rows == 0 && width % columns == 0
            && max(paddingTop, paddingLeft, paddingBottom, paddingRight) == 0
    }
}
