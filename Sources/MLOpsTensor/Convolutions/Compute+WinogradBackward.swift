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
        clear(pass.dx, winograd, images)
        scratch.with(.task, 36 * (vPoint + wPoint) + winograd.taskCount) { v in
            let w = v + 36 * vPoint
            let patch = w + 36 * wPoint
            let edge = patch + WinogradConvolution.patch
            let end = images.upperBound * winograd.imageTiles
            for first in stride(from: images.lowerBound * winograd.imageTiles, to: end, by: block) {
                let count = min(block, end - first)
                winograd.gradient(pass.dy, first, count, to: w, pointStride: wPoint, patch: patch)
                if let x = pass.x {
                    winograd.input(x, first, count, to: v, pointStride: vPoint, patch: patch)
                    let isFirst = first == images.lowerBound * winograd.imageTiles
                    for point in 0..<36 {
                        winograd.multiplyTransposed(
                            v + point * vPoint, w + point * wPoint, tiles: count,
                            into: du + point * inputs * outputs, accumulating: !isFirst, edge: edge)
                    }
                }
                guard let dx = pass.dx else { continue }
                for point in 0..<36 {
                    filters.multiply(
                        w + point * wPoint, aStride: winograd.outputStride, rows: count,
                        u + point * filters.pointStride, into: v + point * vPoint, cStride: winograd.inputStride,
                        edge: edge)
                }
                winograd.inputGradient(v, first, count, to: dx, pointStride: vPoint, patch: patch)
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
                            into: du + point * winograd.inputs * winograd.outputs, accumulating: false, edge: edge)
                    }
                    if pass.dx != nil {
                        filters.multiply(
                            w + point * wPoint, aStride: winograd.outputStride, rows: tiles,
                            u + point * filters.pointStride, into: dv + point * vPoint,
                            cStride: winograd.inputStride, edge: edge)
                    }
                }
            }
            guard let dx = pass.dx else { return }
            parallel(tasks: winograd.images, with: (self, winograd, dx, dv, vPoint)) { work, image in
                let (compute, winograd, dx, dv, vPoint) = work
                compute.clear(dx, winograd, image..<image + 1)
                let first = image * winograd.imageTiles
                compute.scratch.with(.task, WinogradConvolution.patch) { patch in
                    winograd.inputGradient(
                        dv + first * winograd.inputStride, first, winograd.imageTiles, to: dx, pointStride: vPoint,
                        patch: patch)
                }
            }
        }
    }

    private func clear(_ dx: UnsafeMutablePointer<Float>?, _ winograd: WinogradConvolution, _ images: Range<Int>) {
        let image = winograd.height * winograd.width * winograd.inputs
        if let dx { (dx + images.lowerBound * image).update(repeating: 0, count: images.count * image) }
    }

    private func finishFilters(
        _ winograd: WinogradConvolution, _ du: UnsafePointer<Float>, partialSums: Int,
        into dw: UnsafeMutablePointer<Float>
    ) {
        parallel(tasks: (winograd.inputs + 15) / 16, with: (self, winograd, du, partialSums, dw)) { work, task in
            let (compute, winograd, du, partialSums, dw) = work
            compute.scratch.with(.task, WinogradConvolution.patch) { patch in
                var transform = WinogradTransform(
                    operation: .filterGradient, pixels: .plain(du), source: du, target: dw, patch: patch)
                transform.channels = winograd.outputs
                transform.filterInputs = winograd.inputs
                (transform.first, transform.count) = (task * 16, min(16, winograd.inputs - task * 16))
                transform.pointStride = winograd.inputs * winograd.outputs
                transform.partialSums = partialSums
                transform.partialStride = 36 * winograd.inputs * winograd.outputs
                winograd.instructionSet.run(transform)
            }
        }
    }
}

extension WinogradConvolution {
    /// du = vᵀ·w at one point, over tiles that lie in memory a stride apart.
    fileprivate func multiplyTransposed(
        _ v: UnsafePointer<Float>, _ w: UnsafePointer<Float>, tiles: Int, into du: UnsafeMutablePointer<Float>,
        accumulating: Bool, edge: UnsafeMutablePointer<Float>
    ) {
        var product = ProductBlock(a: v, b: w, c: du, edge: edge)
        (product.rows, product.columns, product.cRow) = (inputs, outputs, outputs)
        product.bPanel = 2 * instructionSet.vectorWidth
        product.accumulating = accumulating
        product.walk.inner = tiles
        (product.walk.aRow, product.walk.aInner) = (1, inputStride)
        product.walk.bInner = outputStride
        instructionSet.run(product)
    }
}
