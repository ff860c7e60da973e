/// 3 × 3 convolutions of stride 1 by Winograd's F(4×4, 3×3): a quarter of the multiplications.
///
/// Images are cut into tiles of 4 × 4 outputs. Each tile's 6 × 6 inputs are transformed to 36 points, each point is a
/// matrix product over channels, and the products are transformed back to outputs.
struct WinogradConvolution {
    /// The instruction set whose vectors divide both numbers of channels.
    let instructionSet: InstructionSet
    let images: Int, height: Int, width: Int, inputs: Int
    let rows: Int, columns: Int, outputs: Int
    let top: Int, left: Int

    var tilesY: Int { (rows + 3) / 4 }
    var tilesX: Int { (columns + 3) / 4 }
    var tiles: Int { images * tilesY * tilesX }
    /// Tiles are transformed and multiplied a block at a time, so that the points of a block stay in the cache.
    var blockTiles: Int {
        let largest = inputs + outputs <= 256 ? 48 : 24
        return max(8, min(largest, (tiles / 4 + 7) / 8 * 8))
    }
    /// Between tiles, and between points, lies an odd number of cache lines, for powers of two share cache sets.
    var inputStride: Int { inputs + 16 }
    var outputStride: Int { outputs + 16 }

    /// The way to do a convolution by Winograd, or nil where it does not apply.
    init?(_ geometry: ConvolutionGeometry, x: [Int], y: [Int], _ compute: Compute) {
        let divides = { (set: InstructionSet) in x[3] % set.vectorWidth == 0 && y[3] % set.vectorWidth == 0 }
        let sets = InstructionSet.available.filter { $0.vectorWidth <= compute.instructionSet.vectorWidth }
        guard geometry.rows == 3, geometry.columns == 3, geometry.strideY == 1, geometry.strideX == 1,
            geometry.dilationY == 1, geometry.dilationX == 1, geometry.groups == 1,
            let set = sets.last(where: divides), y[1] > 1, y[2] > 1, y.reduce(1, *) > 0, x.reduce(1, *) > 0
        else { return nil }
        instructionSet = set
        (images, height, width, inputs) = (x[0], x[1], x[2], x[3])
        (rows, columns, outputs) = (y[1], y[2], y[3])
        (top, left) = (geometry.paddingTop, geometry.paddingLeft)
    }

    /// The convolution of `dy` with turned filters that gives the gradient for the input, or nil.
    init?(backwardDataOf geometry: ConvolutionGeometry, dx: [Int], dy: [Int], _ compute: Compute) {
        guard geometry.paddingTop <= 2, geometry.paddingLeft <= 2 else { return nil }
        var turned = geometry
        turned.paddingTop = 2 - geometry.paddingTop
        turned.paddingLeft = 2 - geometry.paddingLeft
        self.init(turned, x: dy, y: dx, compute)
    }

    /// The floats of the transformed filters, in panels.
    var filterCount: Int { 36 * filterPointStride }
    var filterPointStride: Int {
        let tile = 2 * instructionSet.vectorWidth
        return (outputs + tile - 1) / tile * tile * inputs
    }

    func input(
        _ x: UnsafePointer<Float>, _ first: Int, _ count: Int, to v: UnsafeMutablePointer<Float>, pointStride: Int,
        patch: UnsafeMutablePointer<Float>
    ) {
        var transform = WinogradTransform(operation: .input, source: x, target: v, patch: patch)
        (transform.height, transform.width, transform.channels) = (height, width, inputs)
        (transform.top, transform.left, transform.tilesX, transform.tilesY) = (top, left, tilesX, tilesY)
        (transform.first, transform.count) = (first, count)
        (transform.tileStride, transform.pointStride) = (inputStride, pointStride)
        instructionSet.run(transform)
    }

    func gradient(
        _ dy: UnsafePointer<Float>, _ first: Int, _ count: Int, to w: UnsafeMutablePointer<Float>, pointStride: Int,
        patch: UnsafeMutablePointer<Float>
    ) {
        var transform = WinogradTransform(operation: .gradient, source: dy, target: w, patch: patch)
        (transform.height, transform.width, transform.channels) = (rows, columns, outputs)
        (transform.tilesX, transform.tilesY) = (tilesX, tilesY)
        (transform.first, transform.count) = (first, count)
        (transform.tileStride, transform.pointStride) = (outputStride, pointStride)
        instructionSet.run(transform)
    }

    func output(
        _ m: UnsafePointer<Float>, _ first: Int, _ count: Int, bias: UnsafePointer<Float>?,
        to y: UnsafeMutablePointer<Float>, pointStride: Int, patch: UnsafeMutablePointer<Float>
    ) {
        var transform = WinogradTransform(operation: .output, source: m, target: y, bias: bias, patch: patch)
        (transform.height, transform.width, transform.channels) = (rows, columns, outputs)
        (transform.tilesX, transform.tilesY) = (tilesX, tilesY)
        (transform.first, transform.count) = (first, count)
        (transform.tileStride, transform.pointStride) = (outputStride, pointStride)
        instructionSet.run(transform)
    }
}

extension Compute {
    private static let patch = 36 * 16
    private static let edge = 8 * 32

    /// The convolution, with filters `[3, 3, C, K]`.
    func convolve(
        _ winograd: WinogradConvolution, _ x: UnsafePointer<Float>, filters: UnsafePointer<Float>,
        bias: UnsafePointer<Float>?, into y: UnsafeMutablePointer<Float>
    ) {
        let block = winograd.blockTiles
        let vPoint = block * winograd.inputStride + 16
        let mPoint = block * winograd.outputStride + 16
        scratch.with(.call, winograd.filterCount) { u in
            transformFilters(winograd, filters, into: u)
            parallel(tasks: (winograd.tiles + block - 1) / block) { task in
                let first = task * block
                let count = min(block, winograd.tiles - first)
                scratch.with(.task, 36 * (vPoint + mPoint) + Compute.patch + Compute.edge) { v in
                    let m = v + 36 * vPoint
                    let patch = m + 36 * mPoint
                    winograd.input(x, first, count, to: v, pointStride: vPoint, patch: patch)
                    var product = ProductBlock(
                        a: UnsafePointer(v), b: UnsafePointer(u), c: m, edge: patch + Compute.patch)
                    (product.rows, product.columns) = (count, winograd.outputs)
                    product.cRow = winograd.outputStride
                    let tile = 2 * winograd.instructionSet.vectorWidth
                    product.bPanel = winograd.inputs * tile
                    product.walk.inner = winograd.inputs
                    product.walk.aRow = winograd.inputStride
                    product.walk.bInner = tile
                    for point in 0..<36 {
                        product.a = UnsafePointer(v + point * vPoint)
                        product.b = UnsafePointer(u + point * winograd.filterPointStride)
                        product.c = m + point * mPoint
                        winograd.instructionSet.run(product)
                    }
                    winograd.output(
                        UnsafePointer(m), first, count, bias: bias, to: y, pointStride: mPoint, patch: patch)
                }
            }
        }
    }

    private func transformFilters(
        _ winograd: WinogradConvolution, _ filters: UnsafePointer<Float>, into u: UnsafeMutablePointer<Float>
    ) {
        parallel(tasks: (winograd.inputs + 15) / 16) { task in
            scratch.with(.task, Compute.patch) { patch in
                var transform = WinogradTransform(operation: .filter, source: filters, target: u, patch: patch)
                transform.channels = winograd.outputs
                transform.filterInputs = winograd.inputs
                transform.first = task * 16
                transform.count = min(16, winograd.inputs - task * 16)
                transform.pointStride = winograd.filterPointStride
                winograd.instructionSet.run(transform)
            }
        }
    }

    /// The gradient for the filters `[3, 3, C, K]`.
    func convolveBackwardFilters(
        _ winograd: WinogradConvolution, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
        into dw: UnsafeMutablePointer<Float>
    ) {
        let (inputs, outputs, tiles) = (winograd.inputs, winograd.outputs, winograd.tiles)
        let points = 36 * inputs * outputs
        // All tiles at once where their points are few: each point's sum is then one task. Else partial sums of
        // tiles, as many as memory allows.
        if tiles * 36 * (winograd.inputStride + winograd.outputStride) <= 3 << 20 {
            scratch.with(.partialSums, points) { du in
                pointwiseGradients(winograd, x, dy, into: du)
                finishFilters(winograd, du, partialSums: 1, into: dw)
            }
            return
        }
        let blocks = (tiles + winograd.blockTiles - 1) / winograd.blockTiles
        let sums = min(blocks, max(4, min(32, (2 << 20) / points)))
        scratch.with(.partialSums, points * sums) { du in
            parallel(tasks: sums) { task in
                partialGradients(
                    winograd, x, dy, blocks: task * blocks / sums..<(task + 1) * blocks / sums,
                    into: du + task * points)
            }
            finishFilters(winograd, du, partialSums: sums, into: dw)
        }
    }

    /// du = Vᵀ·W of each point, over tiles that lie in memory a stride apart.
    private func product(
        _ winograd: WinogradConvolution, _ v: UnsafePointer<Float>, _ w: UnsafePointer<Float>, tiles: Int,
        into du: UnsafeMutablePointer<Float>, accumulating: Bool, edge: UnsafeMutablePointer<Float>
    ) {
        var product = ProductBlock(a: v, b: w, c: du, edge: edge)
        (product.rows, product.columns, product.cRow) = (winograd.inputs, winograd.outputs, winograd.outputs)
        product.bPanel = 2 * winograd.instructionSet.vectorWidth
        product.accumulating = accumulating
        product.walk.inner = tiles
        (product.walk.aRow, product.walk.aInner) = (1, winograd.inputStride)
        product.walk.bInner = winograd.outputStride
        winograd.instructionSet.run(product)
    }

    private func pointwiseGradients(
        _ winograd: WinogradConvolution, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
        into du: UnsafeMutablePointer<Float>
    ) {
        let tiles = winograd.tiles
        let vPoint = tiles * winograd.inputStride + 16
        let wPoint = tiles * winograd.outputStride + 16
        scratch.with(.call, 36 * (vPoint + wPoint)) { v in
            let w = v + 36 * vPoint
            parallel(tasks: (tiles + 7) / 8) { task in
                let count = min(8, tiles - task * 8)
                scratch.with(.task, Compute.patch) { patch in
                    winograd.input(
                        x, task * 8, count, to: v + task * 8 * winograd.inputStride, pointStride: vPoint, patch: patch)
                    winograd.gradient(
                        dy, task * 8, count, to: w + task * 8 * winograd.outputStride, pointStride: wPoint,
                        patch: patch)
                }
            }
            parallel(tasks: 36) { point in
                scratch.with(.task, Compute.edge) { edge in
                    product(
                        winograd, UnsafePointer(v + point * vPoint), UnsafePointer(w + point * wPoint), tiles: tiles,
                        into: du + point * winograd.inputs * winograd.outputs, accumulating: false, edge: edge)
                }
            }
        }
    }

    private func partialGradients(
        _ winograd: WinogradConvolution, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, blocks: Range<Int>,
        into du: UnsafeMutablePointer<Float>
    ) {
        let block = winograd.blockTiles
        let vPoint = block * winograd.inputStride + 16
        let wPoint = block * winograd.outputStride + 16
        scratch.with(.task, 36 * (vPoint + wPoint) + Compute.patch + Compute.edge) { v in
            let w = v + 36 * vPoint
            let patch = w + 36 * wPoint
            for index in blocks {
                let first = index * block
                let count = min(block, winograd.tiles - first)
                winograd.input(x, first, count, to: v, pointStride: vPoint, patch: patch)
                winograd.gradient(dy, first, count, to: w, pointStride: wPoint, patch: patch)
                for point in 0..<36 {
                    product(
                        winograd, UnsafePointer(v + point * vPoint), UnsafePointer(w + point * wPoint), tiles: count,
                        into: du + point * winograd.inputs * winograd.outputs, accumulating: index > blocks.lowerBound,
                        edge: patch + Compute.patch)
                }
            }
        }
    }

    private func finishFilters(
        _ winograd: WinogradConvolution, _ du: UnsafePointer<Float>, partialSums: Int,
        into dw: UnsafeMutablePointer<Float>
    ) {
        parallel(tasks: (winograd.inputs + 15) / 16) { task in
            scratch.with(.task, Compute.patch) { patch in
                var transform = WinogradTransform(operation: .filterGradient, source: du, target: dw, patch: patch)
                transform.channels = winograd.outputs
                transform.filterInputs = winograd.inputs
                transform.first = task * 16
                transform.count = min(16, winograd.inputs - task * 16)
                transform.pointStride = winograd.inputs * winograd.outputs
                transform.partialSums = partialSums
                transform.partialStride = 36 * winograd.inputs * winograd.outputs
                winograd.instructionSet.run(transform)
            }
        }
    }
}
