extension Compute {
    /// The convolution, with filters `[3, 3, C, K]`; moments of each part of the output, if asked for.
    func convolve(
        _ winograd: WinogradConvolution, _ x: PixelSource, filters: UnsafePointer<Float>,
        packed: PackedWeights?, bias: UnsafePointer<Float>?, finish: ConvolutionFinish?,
        into y: UnsafeMutablePointer<Float>,
        moments: PartialMoments?
    ) {
        let layout = PackedWeights.Layout.winograd(
            winograd.size, vectorWidth: winograd.instructionSet.vectorWidth)
        let fill = { winograd.filters.transform(filters, into: $0, self) }
        withWeights(packed, layout, count: winograd.filters.count, fill) { u in
            convolve(winograd, x, points: u, bias: bias, finish: finish, into: y, moments: moments)
        }
    }

    /// The convolution, with filters at Winograd's points.
    func convolve(
        _ winograd: WinogradConvolution, _ x: PixelSource, points u: UnsafePointer<Float>,
        bias: UnsafePointer<Float>?, finish: ConvolutionFinish?, pools: Bool = false,
        into y: UnsafeMutablePointer<Float>, moments: PartialMoments? = nil
    ) {
        let output = Output(bias, finish?(nil), pools: pools, y, moments)
        if winograd.goesByPoint { return convolveByPoint(winograd, x, winograd.filters, u, output) }
        parallel(tasks: winograd.parts, with: (self, winograd, x, winograd.filters, u, output)) { work, part in
            let (compute, winograd, x, filters, u, output) = work
            compute.convolve(winograd, part, x, filters, u, output)
        }
    }

    /// Where a convolution writes, and what it does besides.
    private struct Output {
        let bias: UnsafePointer<Float>?
        /// What is done as tiles are written.
        let bounds: (low: Float, high: Float)?
        /// What is done afterwards.
        let finish: FinishKernel?
        /// Whether only the maxima of windows of 2 × 2 are written, which nothing is done to afterwards.
        let pools: Bool
        let y: UnsafeMutablePointer<Float>
        let moments: PartialMoments?

        init(
            _ bias: UnsafePointer<Float>?, _ finish: FinishKernel?, pools: Bool, _ y: UnsafeMutablePointer<Float>,
            _ moments: PartialMoments?
        ) {
            (self.bias, self.pools, self.y, self.moments) = (bias, pools, y, moments)
            if let finish, finish.isBiasAndBounds {
                (bounds, self.finish) = ((finish.first, finish.second), nil)
            } else {
                (bounds, self.finish) = (nil, finish)
            }
        }
    }

    /// One part of the tiles, a block at a time.
    private func convolve(
        _ winograd: WinogradConvolution, _ part: Int, _ x: PixelSource, _ filters: WinogradFilters,
        _ u: UnsafePointer<Float>, _ output: Output
    ) {
        let block = winograd.forwardBlockTiles
        let vPoint = block * winograd.inputStride + 16
        let mPoint = block * winograd.outputStride + 16
        let range = winograd.tiles(ofPart: part)
        let points = winograd.size.points
        scratch.with(.task, points * (vPoint + mPoint) + winograd.taskCount) { v in
            let m = v + points * vPoint
            let patch = m + points * mPoint
            for first in stride(from: range.lowerBound, to: range.upperBound, by: block) {
                let count = min(block, range.upperBound - first)
                let pixels = UpcomingMemory(
                    winograd.inputMemory(x, from: first + count, tiles: block),
                    output.pools ? .none : winograd.outputMemory(.plain(output.y), from: first, tiles: count))
                winograd.input(x, first, count, to: v, pointStride: vPoint, patch: patch)
                for point in 0..<points {
                    filters.multiply(
                        v + point * vPoint, aStride: winograd.inputStride, rows: count,
                        u + point * filters.pointStride, into: m + point * mPoint,
                        cStride: winograd.outputStride, edge: patch + WinogradConvolution.patch,
                        upcoming: pixels.share(point, of: points))
                }
                winograd.output(
                    m, first, count, bias: output.bias, bounds: output.bounds, pools: output.pools,
                    to: output.y, pointStride: mPoint, patch: patch)
            }
        }
        let rows = winograd.outputRows(ofPart: part)
        output.moments?.take(part, of: output.y, rows: rows, instructionSet)
        if let finish = output.finish { run(finish, rows, columns: 0..<winograd.outputs) }
    }

    /// All tiles: first their points, then the product of each point, so that filters are read once; then the outputs.
    private func convolveByPoint(
        _ winograd: WinogradConvolution, _ x: PixelSource, _ filters: WinogradFilters, _ u: UnsafePointer<Float>,
        _ output: Output
    ) {
        let tiles = winograd.tiles
        let vPoint = tiles * winograd.inputStride + 16
        let mPoint = tiles * winograd.outputStride + 16
        scratch.with(.call, winograd.size.points * (vPoint + mPoint) + winograd.overrun) { v in
            let m = v + winograd.size.points * vPoint
            parallel(tasks: (tiles + 7) / 8, with: (self, winograd, x, v, vPoint)) { work, task in
                let (compute, winograd, x, v, vPoint) = work
                let (first, count) = (task * 8, min(8, winograd.tiles - task * 8))
                compute.scratch.with(.task, WinogradConvolution.patch) { patch in
                    winograd.input(
                        x, first, count, to: v + first * winograd.inputStride, pointStride: vPoint, patch: patch)
                }
            }
            parallel(tasks: winograd.size.points, with: (self, winograd, filters, u, v, vPoint, m, mPoint)) {
                work, point in
                let (compute, winograd, filters, u, v, vPoint, m, mPoint) = work
                compute.scratch.with(.task, WinogradConvolution.edge) { edge in
                    filters.multiply(
                        v + point * vPoint, aStride: winograd.inputStride, rows: winograd.tiles,
                        u + point * filters.pointStride, into: m + point * mPoint, cStride: winograd.outputStride,
                        edge: edge,
                        upcoming: UpcomingMemory(
                            UpcomingMemory(v + (point + 1) * vPoint, count: vPoint),
                            filters.memory(u, point: point + 1, rows: winograd.tiles)))
                }
            }
            parallel(tasks: winograd.parts, with: (self, winograd, output, m, mPoint)) { work, part in
                let (compute, winograd, output, m, mPoint) = work
                let range = winograd.tiles(ofPart: part)
                compute.scratch.with(.task, WinogradConvolution.patch) { patch in
                    winograd.output(
                        m + range.lowerBound * winograd.outputStride, range.lowerBound, range.count,
                        bias: output.bias, bounds: output.bounds, pools: output.pools, to: output.y,
                        pointStride: mPoint, patch: patch)
                }
                let rows = winograd.outputRows(ofPart: part)
                output.moments?.take(part, of: output.y, rows: rows, compute.instructionSet)
                if let finish = output.finish { compute.run(finish, rows, columns: 0..<winograd.outputs) }
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
