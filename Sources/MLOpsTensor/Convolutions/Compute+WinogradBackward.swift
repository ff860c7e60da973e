extension Compute {
    /// What a backward pass by Winograd reads and writes; what is nil is not asked for.
    struct WinogradBackward {
        /// `[N, P, Q, K]`, the gradient for the output.
        var dy: PixelSource
        /// `[N, H, W, C]`, the input, for `dw`.
        var x: PixelSource?
        /// `[3, 3, K, C]`, the filters with their channels exchanged, for `dx`.
        var exchanged: UnsafePointer<Float>?
        /// `[3, 3, C, K]`.
        var dw: UnsafeMutablePointer<Float>?
        /// `[N, H, W, C]`.
        var dx: UnsafeMutablePointer<Float>?
        /// The sums of `dx` to be taken, over blocks of rows that lie in one image each.
        var gradientSums: NormalizedGradientBlocks?
    }

    /// The gradients for filters and input: W = AyAᵀ is made once for both.
    func convolveBackward(_ winograd: WinogradConvolution, _ pass: WinogradBackward) {
        let filters = WinogradFilters(
            instructionSet: winograd.instructionSet, terms: winograd.outputs, columns: winograd.inputs)
        let points = 36 * winograd.inputs * winograd.outputs
        // With few tiles, all at once: each point's sum over them is one task. Else partial sums over images, as many
        // as memory allows.
        let mostSums = pass.dw == nil ? winograd.images : max(4, min(32, (2 << 20) / points))
        let sums = winograd.goesByPoint ? 1 : min(winograd.images, mostSums)
        scratch.with(.call, pass.exchanged == nil ? 0 : filters.count) { u in
            scratch.with(.partialSums, pass.dw == nil ? 0 : points * sums) { du in
                if let exchanged = pass.exchanged { filters.transform(exchanged, into: u, self) }
                if winograd.goesByPoint {
                    backwardByPoint(winograd, pass, filters, u, du)
                } else {
                    let work = (self, winograd, pass, filters, u, du, points, sums)
                    parallel(tasks: sums, with: work) { work, task in
                        let (compute, winograd, pass, filters, u, du, points, sums) = work
                        compute.backwardByImage(
                            winograd, pass, filters, u, du + (pass.dw == nil ? 0 : task * points),
                            images: task * winograd.images / sums..<(task + 1) * winograd.images / sums)
                    }
                }
                if let dw = pass.dw { finishFilters(winograd, du, partialSums: sums, into: dw) }
            }
        }
    }

    /// Some images, a block of tiles at a time.
    private func backwardByImage(
        _ winograd: WinogradConvolution, _ pass: WinogradBackward, _ filters: WinogradFilters,
        _ u: UnsafePointer<Float>, _ du: UnsafeMutablePointer<Float>, images: Range<Int>
    ) {
        let block = winograd.blockTiles
        let (inputs, outputs) = (winograd.inputs, winograd.outputs)
        let vPoint = block * winograd.inputStride + 16
        let wPoint = block * winograd.outputStride + 16
        var cleared = images.lowerBound * winograd.imageFloats
        var summed = pass.gradientSums?.count(before: images.lowerBound * winograd.imagePixels) ?? 0
        scratch.with(.task, 36 * (vPoint + wPoint) + winograd.taskCount) { v in
            let w = v + 36 * vPoint
            let patch = w + 36 * wPoint
            let edge = patch + WinogradConvolution.patch
            let end = images.upperBound * winograd.imageTiles
            for first in stride(from: images.lowerBound * winograd.imageTiles, to: end, by: block) {
                let count = min(block, end - first)
                let gradients = winograd.outputMemory(pass.dy, from: first + count, tiles: block)
                winograd.gradient(pass.dy, first, count, to: w, pointStride: wPoint, patch: patch)
                if let x = pass.x {
                    winograd.input(x, first, count, to: v, pointStride: vPoint, patch: patch)
                    let isFirst = first == images.lowerBound * winograd.imageTiles
                    for point in 0..<36 {
                        winograd.multiplyTransposed(
                            v + point * vPoint, w + point * wPoint, tiles: count,
                            into: du + point * inputs * outputs, accumulating: !isFirst, edge: edge,
                            upcoming: gradients.share(point, of: 36))
                    }
                }
                guard let dx = pass.dx else { continue }
                let pixels =
                    pass.x.map {
                        UpcomingMemory(
                            winograd.inputMemory(.plain(dx), from: first, tiles: count),
                            winograd.inputMemory($0, from: first + count, tiles: block))
                    } ?? gradients
                for point in 0..<36 {
                    filters.multiply(
                        w + point * wPoint, aStride: winograd.outputStride, rows: count,
                        u + point * filters.pointStride, into: v + point * vPoint, cStride: winograd.inputStride,
                        edge: edge,
                        upcoming: pixels.share(point, of: 36))
                }
                // Cleared just before, it is still in the cache when gradients are added to it.
                let reached = winograd.inputFloats(before: first + count)
                (dx + cleared).update(repeating: 0, count: reached - cleared)
                cleared = reached
                winograd.inputGradient(v, first, count, to: dx, pointStride: vPoint, patch: patch)
                guard let gradientSums = pass.gradientSums else { continue }
                let written = gradientSums.count(before: winograd.pixelsDone(before: first + count))
                for rows in summed..<written { gradientSums.run(rows, instructionSet) }
                summed = written
            }
        }
    }

    /// All tiles: first their points, then the products of each point, then the images.
    private func backwardByPoint(
        _ winograd: WinogradConvolution, _ pass: WinogradBackward, _ filters: WinogradFilters,
        _ u: UnsafePointer<Float>, _ du: UnsafeMutablePointer<Float>
    ) {
        let tiles = winograd.tiles
        let vPoint = tiles * winograd.inputStride + 16
        let wPoint = tiles * winograd.outputStride + 16
        scratch.with(.call, 36 * (2 * vPoint + wPoint) + winograd.overrun) { v in
            let w = v + 36 * vPoint
            let dv = w + 36 * wPoint
            parallel(tasks: (tiles + 7) / 8, with: (self, winograd, pass, v, vPoint, w, wPoint)) { work, task in
                let (compute, winograd, pass, v, vPoint, w, wPoint) = work
                let (first, count) = (task * 8, min(8, winograd.tiles - task * 8))
                compute.scratch.with(.task, WinogradConvolution.patch) { patch in
                    winograd.gradient(
                        pass.dy, first, count, to: w + first * winograd.outputStride, pointStride: wPoint,
                        patch: patch)
                    guard let x = pass.x else { return }
                    winograd.input(
                        x, first, count, to: v + first * winograd.inputStride, pointStride: vPoint, patch: patch)
                }
            }
            let products = (self, winograd, pass, filters, u, du, v, vPoint, w, wPoint, dv)
            parallel(tasks: 36, with: products) { work, point in
                let (compute, winograd, pass, filters, u, du, v, vPoint, w, wPoint, dv) = work
                let tiles = winograd.tiles
                compute.scratch.with(.task, WinogradConvolution.edge) { edge in
                    if pass.dw != nil {
                        winograd.multiplyTransposed(
                            v + point * vPoint, w + point * wPoint, tiles: tiles,
                            into: du + point * winograd.inputs * winograd.outputs, accumulating: false, edge: edge,
                            upcoming: pass.dx == nil ? .none : filters.memory(u, point: point, rows: tiles))
                    }
                    if pass.dx != nil {
                        filters.multiply(
                            w + point * wPoint, aStride: winograd.outputStride, rows: tiles,
                            u + point * filters.pointStride, into: dv + point * vPoint,
                            cStride: winograd.inputStride, edge: edge,
                            upcoming: UpcomingMemory(
                                UpcomingMemory(v + (point + 1) * vPoint, count: pass.dw == nil ? 0 : vPoint),
                                UpcomingMemory(w + (point + 1) * wPoint, count: wPoint)))
                    }
                }
            }
            guard let dx = pass.dx else { return }
            parallel(tasks: winograd.images, with: (self, winograd, dx, dv, vPoint, pass.gradientSums)) {
                work, image in
                let (compute, winograd, dx, dv, vPoint, gradientSums) = work
                (dx + image * winograd.imageFloats).update(repeating: 0, count: winograd.imageFloats)
                let first = image * winograd.imageTiles
                compute.scratch.with(.task, WinogradConvolution.patch) { patch in
                    winograd.inputGradient(
                        dv + first * winograd.inputStride, first, winograd.imageTiles, to: dx, pointStride: vPoint,
                        patch: patch)
                }
                guard let gradientSums else { return }
                let before = gradientSums.count(before: image * winograd.imagePixels)
                let end = gradientSums.count(before: (image + 1) * winograd.imagePixels)
                for rows in before..<end { gradientSums.run(rows, compute.instructionSet) }
            }
        }
    }

    private func finishFilters(
        _ winograd: WinogradConvolution, _ du: UnsafePointer<Float>, partialSums: Int,
        into dw: UnsafeMutablePointer<Float>
    ) {
        // As many rows of filters as take 256 KiB with all their points.
        let rows = max(1, min(16, (1 << 16) / (36 * winograd.outputs)))
        let tasks = (winograd.inputs + rows - 1) / rows
        parallel(tasks: tasks, with: (self, winograd, du, partialSums, dw, rows)) { work, task in
            let (compute, winograd, du, partialSums, dw, rows) = work
            let (first, count) = (task * rows, min(rows, winograd.inputs - task * rows))
            let room = WinogradConvolution.patch + 36 * count * winograd.outputs
            compute.scratch.with(.task, room) { patch in
                var transform = WinogradTransform(
                    operation: .filterGradient, pixels: .plain(du), source: du, target: dw, patch: patch)
                transform.channels = winograd.outputs
                transform.filterInputs = winograd.inputs
                (transform.first, transform.count) = (first, count)
                transform.pointStride = winograd.inputs * winograd.outputs
                transform.partialSums = partialSums
                transform.partialStride = 36 * winograd.inputs * winograd.outputs
                winograd.instructionSet.run(transform)
            }
        }
    }
}

extension WinogradConvolution {
    fileprivate var imagePixels: Int { height * width }
    fileprivate var imageFloats: Int { imagePixels * inputs }

    /// The pixels of the input that no tile from the given one on reaches, over all images.
    fileprivate func pixelsDone(before tile: Int) -> Int {
        tile / imageTiles * imagePixels + min(height, max(0, tile % imageTiles / tilesX * 4 - top)) * width
    }

    /// The floats of the input up to the last that a tile before the given one reaches, over all images.
    fileprivate func inputFloats(before tile: Int) -> Int {
        let (image, rest) = ((tile - 1) / imageTiles, (tile - 1) % imageTiles)
        // The last tile of an image takes what is left, though a row below it may be reached by none.
        let row = rest == imageTiles - 1 ? height : max(0, min(height, rest / tilesX * 4 - top + 6))
        return image * imageFloats + row * width * inputs
    }

    /// du = vᵀ·w at one point, over tiles that lie in memory a stride apart.
    fileprivate func multiplyTransposed(
        _ v: UnsafePointer<Float>, _ w: UnsafePointer<Float>, tiles: Int, into du: UnsafeMutablePointer<Float>,
        accumulating: Bool, edge: UnsafeMutablePointer<Float>, upcoming: UpcomingMemory
    ) {
        var product = ProductBlock(a: v, b: w, c: du, edge: edge)
        (product.rows, product.columns, product.cRow) = (inputs, outputs, outputs)
        product.bPanel = 2 * instructionSet.vectorWidth
        product.accumulating = accumulating
        product.walk.inner = tiles
        (product.walk.aRow, product.walk.aInner) = (1, inputStride)
        product.walk.bInner = outputStride
        product.upcoming = upcoming
        instructionSet.run(product)
    }
}
