/// A transform between images or filters and Winograd's points, over some tiles or filter rows. The shapes
/// below are those of F(4×4, 3×3): with `size` two, tiles have 4 × 4 inputs and points, and 2 × 2 outputs.
struct WinogradTransform {
    enum Operation {
        /// Image tiles of 6 × 6 to points, BᵀdB.
        case input
        /// Points to output tiles of 4 × 4, AᵀmA, plus a bias.
        case output
        /// Points to the maxima of windows of 2 × 2 outputs, plus a bias.
        case pooledOutput
        /// Gradients of output tiles to points, AyAᵀ.
        case gradient
        /// Points to gradients of image tiles, BvBᵀ, which are added up where tiles overlap.
        case inputGradient
        /// Filters to points in panels, GgGᵀ.
        case filter
        /// Gradients of points, summed over partial sums, to gradients of filters, GᵀuG.
        case filterGradient
    }

    var operation: Operation
    var size = WinogradSize.four
    /// The image that `input` and `gradient` read.
    var pixels: PixelSource
    /// The points or filters that the others read.
    var source: UnsafePointer<Float>
    var target: UnsafeMutablePointer<Float>
    var bias: UnsafePointer<Float>?
    /// The bounds that outputs are kept between, if they are.
    var bounds: (low: Float, high: Float)?
    /// Rows, columns and channels of the image that tiles lie in.
    var height = 0, width = 0, channels = 0
    /// Rows and columns of padding that tiles may reach into.
    var top = 0, left = 0
    var tilesX = 0, tilesY = 0
    /// The tiles, or input channels of a filter, to transform.
    var first = 0, count = 0
    /// From one tile, or input channel of a filter, to the next among the values of a point.
    var tileStride = 0
    /// From one point to the next.
    var pointStride = 0
    /// The input channels of a filter.
    var filterInputs = 0
    var partialSums = 1, partialStride = 0
    /// Room for 42 vectors: 36, and a row of 6; for `filterGradient`, then for the points of all its rows.
    var patch: UnsafeMutablePointer<Float>
}

/// All operations but those that read images, which have dispatches of their own.
@inline(__always)
func transformTiles<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let t = raw.assumingMemoryBound(to: WinogradTransform.self).pointee
    switch t.operation {
    case .input, .gradient, .pooledOutput: break
    case .output: transformOutput(V.self, t)
    case .inputGradient: transformInputGradient(V.self, t)
    case .filter: transformFilter(V.self, t)
    case .filterGradient: transformFilterGradient(V.self, t)
    }
}

/// Where a tile lies: its image's start, and its first row and column without padding.
@inline(__always)
func place(_ t: WinogradTransform, _ tile: Int) -> (image: Int, row: Int, column: Int) {
    let perImage = t.tilesX &* t.tilesY
    let image = tile / perImage
    let rest = tile &- image &* perImage
    let tileRow = rest / t.tilesX
    let step = t.size == .four ? 4 : 2
    return (
        image &* t.height &* t.width &* t.channels, tileRow &* step, (rest &- tileRow &* t.tilesX) &* step
    )
}
