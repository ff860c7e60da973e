/// From the sums of a panel to what is made of them, for some rows.
struct RequantizingKernel {
    enum Target {
        case integers(UnsafeMutablePointer<Int32>)
        case floats(UnsafeMutablePointer<Float>)
        case bytes(UnsafeMutablePointer<UInt8>)
    }

    /// `[rows][tile]`.
    var sums: UnsafeRawPointer
    var target: Target
    /// From one row of the target to the next.
    var targetRow = 0
    var rows = 0, columns = 0
    /// For each column: what is added to the sum, what the result is multiplied by, and what is added to that.
    var bias: UnsafePointer<Int32>, scale: UnsafePointer<Float>, offset: UnsafePointer<Float>
    /// The sum of each row's inputs, a tile apart, and what it is multiplied by in each column and taken away; nil where
    /// weights have no zero points.
    var inputSums: UnsafeRawPointer?
    var weightZeros: UnsafePointer<Int32>
    var zeroPoint: Int32 = 0
    /// The range of the result, without the zero point.
    var lowest: Float = 0, highest: Float = 0
    /// Room for one vector.
    var edge: UnsafeMutableRawPointer
}

/// A float this large has no digits behind the point: adding it rounds, half to even, and its lowest bits then are the
/// integer.
private let rounding: Float = 12_582_912

/// The nearest integers to floats that are cut to a range, in the lowest bytes of the lanes.
@inline(__always)
func rounded<V: IntegerVector>(_: V.Type, _ x: V.Floats, lowest: V.Floats, highest: V.Floats) -> V {
    let negative = V.Floats.zero - x.clipped(at: highest)
    return V(bitsOf: V.Floats(rounding) - negative.clipped(at: V.Floats.zero - lowest))
}

/// Copies the elements of a vector that lie within the columns.
@inline(__always)
private func copy<Element: BitwiseCopyable>(
    _ vector: UnsafeMutableRawPointer, _ count: Int, to target: UnsafeMutablePointer<Element>
) {
    let source = vector.assumingMemoryBound(to: Element.self)
    var i = 0
    while i < count {
        target[i] = source[i]
        i &+= 1
    }
}

@inline(__always)
func requantize<V: IntegerVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let kernel = raw.assumingMemoryBound(to: RequantizingKernel.self).pointee
    let (lowest, highest) = (V.Floats(kernel.lowest), V.Floats(kernel.highest))
    let zeroPoint = V(kernel.zeroPoint)
    var column = 0
    while column < kernel.columns {
        let columns = min(V.width, kernel.columns &- column)
        let isWhole = columns == V.width
        let (bias, zeros) = (V.load(kernel.bias + column), V.load(kernel.weightZeros + column))
        let (scale, offset) = (V.Floats.load(kernel.scale + column), V.Floats.load(kernel.offset + column))
        var row = 0
        while row < kernel.rows {
            var sum = V.load(kernel.sums + (row &* 2 &* V.width &+ column) &* 4) + bias
            if let inputs = kernel.inputSums {
                sum = sum - zeros * V(inputs.load(fromByteOffset: row &* 8 &* V.width, as: Int32.self))
            }
            let place = row &* kernel.targetRow &+ column
            switch kernel.target {
            case .integers(let target):
                let out = isWhole ? UnsafeMutableRawPointer(target + place) : kernel.edge
                sum.store(out)
                if !isWhole { copy(out, columns, to: target + place) }
            case .floats(let target):
                let out = isWhole ? UnsafeMutableRawPointer(target + place) : kernel.edge
                V(bitsOf: offset.adding(sum.floats, times: scale)).store(out)
                if !isWhole { copy(out, columns, to: target + place) }
            case .bytes(let target):
                let out = isWhole ? UnsafeMutableRawPointer(target + place) : kernel.edge
                (rounded(V.self, sum.floats * scale, lowest: lowest, highest: highest) + zeroPoint).storeBytes(out)
                if !isWhole { copy(out, columns, to: target + place) }
            }
            row &+= 1
        }
        column &+= V.width
    }
}
