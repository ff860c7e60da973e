/// 3 × 3 convolutions of stride 1 by Winograd's F(4×4, 3×3), a quarter of the multiplications, or F(2×2, 3×3).
///
/// Images are cut into tiles of 4 × 4 outputs, or of 2 × 2. Each tile's 6 × 6 inputs are transformed to 36 points (4 × 4 to
/// 16), each point is a matrix product over channels, and the products are transformed back to outputs. Gradients go through
/// the transposes of the same three steps. Tiles are transformed and multiplied a block at a time, so that the points of a
/// block stay in the cache.
struct WinogradConvolution {
    /// The floats that a transform works in: 36 vectors, and a row of 6.
    static let patch = 42 * 16
    /// The floats that a matrix product works in at the edge.
    static let edge = 8 * 32

    /// The instruction set whose vectors divide both numbers of channels.
    let instructionSet: InstructionSet
    private(set) var size = WinogradSize.four
    let images: Int, height: Int, width: Int, inputs: Int
    let rows: Int, columns: Int, outputs: Int
    let top: Int, left: Int

    var tilesY: Int { (rows + size.outputs - 1) / size.outputs }
    var tilesX: Int { (columns + size.outputs - 1) / size.outputs }
    var imageTiles: Int { tilesY * tilesX }
    var tiles: Int { images * imageTiles }
    /// The most tiles of a block.
    var blockTiles: Int {
        let largest = inputs + outputs <= 256 ? 48 : 24
        return max(8, min(largest, (tiles / 4 + 7) / 8 * 8))
    }
    /// The most tiles of a block on the way forward, where no sums over tiles profit from long blocks: their points stay
    /// in the second level of the cache.
    var forwardBlockTiles: Int { inputs + outputs <= 64 ? blockTiles : min(24, blockTiles) }
    /// Whether to do all tiles of a point before the next point, so that its filters are read once: where filters are
    /// many beside the points of all tiles, and those points not too many for memory.
    var goesByPoint: Bool {
        (size == .two || parts * inputs * outputs > 2 * tiles * (inputs + outputs))
            && tiles * size.points * (inputStride + outputStride) <= 3 << 20
    }
    /// The same by tiles of a size.
    func with(_ size: WinogradSize) -> WinogradConvolution {
        var result = self
        result.size = size
        return result
    }
    /// What takes least with filters that are kept: this, the same by smaller tiles, or nil for the direct product.
    var best: WinogradConvolution? {
        let small = with(.two)
        // Filters of which the points are more than the second level of the cache holds, few tiles, and yet enough
        // small ones for the rows of a product.
        if inputs * outputs >= 1 << 15, tiles <= 4, small.tiles >= 8 { return small }
        return isWorthwhile ? self : nil
    }
    /// Whether it takes less than the direct product, which reads a quarter of the bytes of filters, and all of whose rows
    /// are pixels: so few tiles leave most of a product's rows empty.
    var isWorthwhile: Bool { tiles > leastTiles }
    /// The same of every batch of images of this size.
    var suitsImages: Bool { imageTiles > leastTiles }
    /// As many tiles are too few; more are where the points of the filters come from memory, for no cache holds them.
    private var leastTiles: Int { inputs * outputs > 1 << 16 ? 4 : 2 }
    /// Between tiles, and between points, lies an odd number of cache lines, for powers of two share cache sets.
    var inputStride: Int { inputs + 16 }
    var outputStride: Int { outputs + 16 }
    /// The floats past the last tile that a matrix product reads, for it reads whole tiles of up to 8 rows.
    var overrun: Int { 8 * max(inputStride, outputStride) }
    /// The floats that a task needs beside its points.
    var taskCount: Int { WinogradConvolution.patch + WinogradConvolution.edge + overrun }
    /// How the filters lie.
    var filters: WinogradFilters {
        WinogradFilters(instructionSet: instructionSet, size: size, terms: inputs, columns: outputs)
    }

    /// The way to do a convolution by Winograd, or nil where it does not apply.
    ///
    /// - Parameter isOnlyWay: whether there is no other, so that a single row or column is done as well.
    init?(
        _ geometry: ConvolutionGeometry, x: [Int], y: [Int], isOnlyWay: Bool = false, _ compute: Compute
    ) {
        let widest = compute.instructionSet.vectorWidth
        func fits(_ set: InstructionSet) -> Bool {
            set.vectorWidth <= widest && x[3] % set.vectorWidth == 0 && y[3] % set.vectorWidth == 0
        }
        guard geometry.rows == 3, geometry.columns == 3, geometry.strideY == 1, geometry.strideX == 1,
            geometry.dilationY == 1, geometry.dilationX == 1, geometry.groups == 1,
            let set = InstructionSet.available.last(where: fits), isOnlyWay || (y[1] > 1 && y[2] > 1),
            y.reduce(1, *) > 0,
            x.reduce(1, *) > 0
        else { return nil }
        instructionSet = set
        (images, height, width, inputs) = (x[0], x[1], x[2], x[3])
        (rows, columns, outputs) = (y[1], y[2], y[3])
        (top, left) = (geometry.paddingTop, geometry.paddingLeft)
    }

    /// The output rows, over all images, that come before a row of tiles.
    func firstRow(ofTileRow tileRow: Int) -> Int { tileRow / tilesY * rows + tileRow % tilesY * size.outputs }

    /// BᵀdB of some tiles.
    func input(
        _ x: PixelSource, _ first: Int, _ count: Int, to v: UnsafeMutablePointer<Float>, pointStride: Int,
        patch: UnsafeMutablePointer<Float>
    ) {
        var transform = imageTransform(.input, x, UnsafePointer(v), v, first, count, patch)
        (transform.tileStride, transform.pointStride) = (inputStride, pointStride)
        instructionSet.run(transform)
    }

    /// AyAᵀ of some tiles.
    func gradient(
        _ dy: PixelSource, _ first: Int, _ count: Int, to w: UnsafeMutablePointer<Float>, pointStride: Int,
        patch: UnsafeMutablePointer<Float>
    ) {
        var transform = imageTransform(.gradient, dy, UnsafePointer(w), w, first, count, patch)
        (transform.height, transform.width, transform.channels) = (rows, columns, outputs)
        (transform.tileStride, transform.pointStride) = (outputStride, pointStride)
        instructionSet.run(transform)
    }

    /// AᵀmA of some tiles, or the maxima of its windows of 2 × 2, plus a bias, kept between bounds.
    func output(
        _ m: UnsafePointer<Float>, _ first: Int, _ count: Int, bias: UnsafePointer<Float>?,
        bounds: (low: Float, high: Float)?, pools: Bool, to y: UnsafeMutablePointer<Float>, pointStride: Int,
        patch: UnsafeMutablePointer<Float>
    ) {
        var transform = imageTransform(pools ? .pooledOutput : .output, .plain(m), m, y, first, count, patch)
        (transform.bias, transform.bounds) = (bias, bounds)
        (transform.height, transform.width, transform.channels) = (rows, columns, outputs)
        (transform.tileStride, transform.pointStride) = (outputStride, pointStride)
        instructionSet.run(transform)
    }

    /// BvBᵀ of some tiles, added to what `dx` holds.
    func inputGradient(
        _ v: UnsafePointer<Float>, _ first: Int, _ count: Int, to dx: UnsafeMutablePointer<Float>, pointStride: Int,
        patch: UnsafeMutablePointer<Float>
    ) {
        var transform = imageTransform(.inputGradient, .plain(v), v, dx, first, count, patch)
        (transform.tileStride, transform.pointStride) = (inputStride, pointStride)
        instructionSet.run(transform)
    }

    private func imageTransform(
        _ operation: WinogradTransform.Operation, _ pixels: PixelSource, _ source: UnsafePointer<Float>,
        _ target: UnsafeMutablePointer<Float>, _ first: Int, _ count: Int, _ patch: UnsafeMutablePointer<Float>
    ) -> WinogradTransform {
        var transform = WinogradTransform(
            operation: operation, pixels: pixels, source: source, target: target, patch: patch)
        transform.size = size
        (transform.height, transform.width, transform.channels) = (height, width, inputs)
        (transform.top, transform.left, transform.tilesX, transform.tilesY) = (top, left, tilesX, tilesY)
        (transform.first, transform.count) = (first, count)
        return transform
    }
}
