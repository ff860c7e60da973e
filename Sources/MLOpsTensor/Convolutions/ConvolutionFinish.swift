/// What is done to the result of a convolution while it is in the cache: f(y + bias + addend).
struct ConvolutionFinish {
    private var kernel: FinishKernel
    private let isIdentity: Bool

    /// Takes down what is to be done to rows of so many channels.
    init(_ y: UnsafeMutablePointer<Float>, channels: Int, addend: Tensor?, _ function: ElementFunction) {
        kernel = FinishKernel(x: UnsafePointer(y), y: y, addend: addend.map { UnsafePointer($0.pointer) })
        (kernel.xRow, kernel.yRow, kernel.addendRow) = (channels, channels, channels)
        kernel.set(function)
        isIdentity = addend == nil && function == .identity
    }

    /// Whether a maximum may be taken before it.
    var isBiasAndBounds: Bool { kernel.isBiasAndBounds }

    /// The kernel for all rows, where a bias is still to be added or not; nil when there is nothing to do.
    func callAsFunction(_ bias: UnsafePointer<Float>?) -> FinishKernel? {
        if isIdentity, bias == nil { return nil }
        var kernel = kernel
        kernel.bias = bias
        return kernel
    }
}

extension Compute {
    /// Finishes some rows and columns of what a kernel was made for.
    func run(_ finish: FinishKernel, _ rows: Range<Int>, columns: Range<Int>) {
        var part = finish
        part.x += rows.lowerBound * finish.xRow + columns.lowerBound
        part.y += rows.lowerBound * finish.yRow + columns.lowerBound
        part.addend = finish.addend.map { $0 + rows.lowerBound * finish.addendRow + columns.lowerBound }
        part.bias = finish.bias.map { $0 + columns.lowerBound }
        (part.rows, part.columns) = (rows.count, columns.count)
        instructionSet.run(part)
    }
}
