/// A convolution of 8-bit integers as products on the padded image itself: see ``DirectConvolution``.
struct QuantizedConvolution {
    let direct: DirectConvolution
    let panels: QuantizedPanels
    let band: IntegerBand
    /// The zero point of the input, as its elements are shifted.
    let zeroPoint: Int32
    let x: UnsafePointer<UInt8>
    let isSigned: Bool

    init(
        _ x: QuantizedTensor, zeroPoint: Int, _ weights: QuantizedWeights, _ direct: DirectConvolution,
        _ compute: Compute
    ) {
        let product = IntegerProduct(compute.instructionSet)
        let shift = product.shifts(signedX: x.isSigned, signedW: weights.isSigned).x
        self.direct = direct
        panels = weights.panels(product, mergesColumns: direct.mergesColumns, compute)
        self.zeroPoint = Int32(zeroPoint + shift)
        (self.x, isSigned) = (UnsafePointer(x.pointer), x.isSigned)
        band = IntegerBand(
            band: direct.band(outputRows: direct.bandRows), elementSize: product.elementSize, isSigned: x.isSigned,
            padding: zeroPoint + shift)
    }

    var product: IntegerProduct { panels.product }
    var bands: Int { direct.images * direct.bands }
    /// The most pixels of a band.
    var bandPixels: Int { direct.bandRows * direct.columns }
    /// Into how many parts the output channels are cut, so that few bands still are several tasks.
    var parts: Int { direct.groups == 1 ? min(panelsOfOutputs, max(1, 8 / max(bands, 1))) : 1 }
    /// The panels of a group without that of ones.
    var panelsOfOutputs: Int { panels.groupPanels - (panels.givesInputSums ? 1 : 0) }
    /// The bytes of a band, with what rows of pixels and lanes read past its end.
    var bandBytes: Int { (band.band.rows * band.rowBytes + 127) / 64 * 64 }

    /// Whether the products can read the image itself: bytes as they are, and no padding.
    var readsImage: Bool {
        product.elementSize == 1 && !isSigned && direct.top <= 0 && direct.left <= 0
            && (direct.rows - 1) * direct.strideY + (direct.kernelRows - 1) * direct.dilationY < direct.height
            && (direct.columns - 1) * direct.strideX + (direct.kernelColumns - 1) * direct.dilationX < direct.width
    }

    /// The output rows of a band.
    func rows(_ index: Int) -> Int { min(direct.bandRows, direct.rows - firstRow(index)) }

    private func firstRow(_ index: Int) -> Int { index % direct.bands * direct.bandRows }
    private func image(_ index: Int) -> UnsafePointer<UInt8> {
        x + index / direct.bands * direct.height * direct.width * direct.inputs
    }

    /// The first output pixel of a band, over all images.
    func firstPixel(_ index: Int) -> Int {
        (index / direct.bands * direct.rows + firstRow(index)) * direct.columns
    }

    /// Copies a band.
    func copy(_ index: Int, to memory: UnsafeMutableRawPointer) {
        IntegerBand(
            band: direct.band(outputRows: rows(index)), elementSize: band.elementSize, isSigned: isSigned,
            padding: band.padding
        ).copy(image(index), from: firstRow(index) * direct.strideY, to: memory)
    }

    /// The product of a band, or of the image where it is read itself, with no panel yet.
    func block(_ index: Int, _ memory: UnsafeRawPointer, sums: UnsafeMutableRawPointer) -> IntegerBlock {
        let size = band.elementSize
        let pixel = direct.inputs * size
        let line = readsImage ? direct.width * pixel : band.rowBytes
        var block = IntegerBlock(
            a: readsImage ? UnsafeRawPointer(image(index)) + firstRow(index) * direct.strideY * line : memory,
            b: UnsafeRawPointer(panels.pointer), c: sums)
        (block.rows, block.line) = (rows(index) * direct.columns, direct.columns)
        (block.aRow, block.aLine) = (direct.strideX * pixel, direct.strideY * line)
        (block.outer, block.middle, block.inner) = (panels.kernelRows, panels.middle, panels.runGroups)
        (block.aOuter, block.aMiddle) = (direct.dilationY * line, direct.dilationX * pixel)
        return block
    }
}
