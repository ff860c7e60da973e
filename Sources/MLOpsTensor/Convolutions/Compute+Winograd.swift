extension Compute {
    /// The convolution, with filters `[3, 3, C, K]`; moments of each part of the output, if asked for.
    func convolve(
        _ winograd: WinogradConvolution, _ x: PixelSource, filters: UnsafePointer<Float>,
        bias: UnsafePointer<Float>?, into y: UnsafeMutablePointer<Float>, moments: PartialMoments?
    ) {
        let block = winograd.blockTiles
        let vPoint = block * winograd.inputStride + 16
        let mPoint = block * winograd.outputStride + 16
        let transformed = WinogradFilters(
            instructionSet: winograd.instructionSet, terms: winograd.inputs, columns: winograd.outputs)
        scratch.with(.call, transformed.count) { u in
            transformed.transform(filters, into: u, self)
            parallel(tasks: winograd.parts) { part in
                let range = winograd.tiles(ofPart: part)
                scratch.with(.task, 36 * (vPoint + mPoint) + WinogradConvolution.patch + WinogradConvolution.edge) {
                    v in
                    let m = v + 36 * vPoint
                    let patch = m + 36 * mPoint
                    for first in stride(from: range.lowerBound, to: range.upperBound, by: block) {
                        let count = min(block, range.upperBound - first)
                        winograd.input(x, first, count, to: v, pointStride: vPoint, patch: patch)
                        for point in 0..<36 {
                            transformed.multiply(
                                v + point * vPoint, aStride: winograd.inputStride, rows: count,
                                u + point * transformed.pointStride, into: m + point * mPoint,
                                cStride: winograd.outputStride, edge: patch + WinogradConvolution.patch)
                        }
                        winograd.output(m, first, count, bias: bias, to: y, pointStride: mPoint, patch: patch)
                    }
                }
                moments?.take(part, of: y, rows: winograd.outputRows(ofPart: part), instructionSet)
            }
        }
    }
}

extension WinogradConvolution {
    // A part of the work is some whole rows of tiles, so that its outputs lie side by side in memory.
    private var partTileRows: Int { max(1, blockTiles / tilesX) }

    /// The parts that the work is cut into.
    var parts: Int { (images * tilesY + partTileRows - 1) / partTileRows }

    func tiles(ofPart part: Int) -> Range<Int> {
        part * partTileRows * tilesX..<min(images * tilesY, (part + 1) * partTileRows) * tilesX
    }

    /// The rows of pixels that a part gives, over all images.
    func outputRows(ofPart part: Int) -> Range<Int> {
        let end = min(images * tilesY, (part + 1) * partTileRows)
        return firstRow(ofTileRow: part * partTileRows) * columns..<firstRow(ofTileRow: end) * columns
    }
}
