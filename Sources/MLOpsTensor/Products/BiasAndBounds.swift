/// A number for each column that is added to it, and the bounds between which the sum is then kept.
struct BiasAndBounds {
    var bias: UnsafePointer<Float>
    var low: Float, high: Float
}

extension FinishKernel {
    /// Does what products do to whole tiles.
    init(_ finish: BiasAndBounds) {
        // Where C lies is told by a part.
        self.init(x: finish.bias, y: UnsafeMutablePointer(mutating: finish.bias), bias: finish.bias)
        (first, second) = (finish.low, finish.high)
    }

    /// That of all that a product gives, for a block of it, which begins at a row and a column.
    func part(of block: ProductBlock, row: Int = 0, column: Int = 0) -> FinishKernel {
        var part = self
        (part.x, part.y, part.xRow, part.yRow) = (UnsafePointer(block.c), block.c, block.cRow, block.cRow)
        part.bias = bias.map { $0 + column }
        part.addend = addend.map { $0 + row * addendRow + column }
        (part.rows, part.columns) = (block.rows, block.columns)
        return part
    }

    /// Bias and bounds for products to apply; nil where more is to be done, or no bias is added.
    var biasAndBounds: BiasAndBounds? {
        guard isBiasAndBounds, let bias else { return nil }
        return BiasAndBounds(bias: bias, low: first, high: second)
    }
}
