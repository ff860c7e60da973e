internal import CTensorDispatch

/// An operation on each row of a matrix as a whole.
struct RowKernel {
    enum Operation {
        /// e^(x · scale + mask − greatest) over their sum.
        case softmax
        /// (x − mean) / √(variance + ε) · weight + shift.
        case layerNormalization
        /// x / √(mean of squares + ε) · weight.
        case rootMeanSquare
    }

    var operation: Operation
    var x: UnsafePointer<Float>
    var y: UnsafeMutablePointer<Float>
    var rows = 1, columns = 0
    /// From one row to the next.
    var xRow = 0, yRow = 0
    /// Room for a vector.
    var lanes: UnsafeMutablePointer<Float>
    /// What softmax multiplies by; ε of a normalization.
    var number: Float = 1
    /// What softmax adds; `nil` for nothing.
    var mask: UnsafePointer<Float>?
    var maskRow = 0
    /// Whether a row without a number above −∞ becomes zeros, not NaN.
    var clearsEmptyRows = false
    /// What a normalization multiplies each column by, and then adds; `nil` for nothing to add.
    var weight: UnsafePointer<Float>?
    var shift: UnsafePointer<Float>?
}

@inline(__always)
private func runRows<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let k = raw.assumingMemoryBound(to: RowKernel.self).pointee
    var row = 0
    while row < k.rows {
        let (x, y) = (k.x + row &* k.xRow, k.y + row &* k.yRow)
        switch k.operation {
        case .softmax: softmaxRow(V.self, k, x, y, row)
        case .layerNormalization: normalizeRow(V.self, k, x, y, centers: true)
        case .rootMeanSquare: normalizeRow(V.self, k, x, y, centers: false)
        }
        row &+= 1
    }
}

@inline(__always)
private func softmaxRow<V: FloatVector>(
    _: V.Type, _ k: RowKernel, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ row: Int
) {
    let whole = k.columns &- k.columns % V.width
    var mask = k.mask
    if let first = mask { mask = first + row &* k.maskRow }
    var (most, rest) = (V(-.infinity), Vector1(-.infinity))
    scaleRow(V.self, k, x, mask, y, &most, 0, whole)
    scaleRow(Vector1.self, k, x, mask, y, &rest, whole, k.columns)
    most.store(k.lanes)
    var greatest = rest.lane
    var lane = 0
    while lane < V.width {
        if k.lanes[lane] > greatest || k.lanes[lane].isNaN { greatest = k.lanes[lane] }
        lane &+= 1
    }
    if k.clearsEmptyRows && greatest == -.infinity {
        clearRow(V.self, y, 0, whole)
        clearRow(Vector1.self, y, whole, k.columns)
        return
    }
    var (sum, last) = (V.zero, Vector1.zero)
    raiseRow(V.self, y, greatest, &sum, 0, whole)
    raiseRow(Vector1.self, y, greatest, &last, whole, k.columns)
    let inverse = 1 / (total(V.self, sum, k.lanes) + last.lane)
    multiplyRow(V.self, y, inverse, 0, whole)
    multiplyRow(Vector1.self, y, inverse, whole, k.columns)
}

/// The sum of the lanes, in order.
@inline(__always)
private func total<V: FloatVector>(_: V.Type, _ vector: V, _ lanes: UnsafeMutablePointer<Float>) -> Float {
    vector.store(lanes)
    var (sum, lane): (Float, Int) = (0, 0)
    while lane < V.width {
        sum += lanes[lane]
        lane &+= 1
    }
    return sum
}

@inline(__always)
private func scaleRow<V: FloatVector>(
    _: V.Type, _ k: RowKernel, _ x: UnsafePointer<Float>, _ mask: UnsafePointer<Float>?,
    _ y: UnsafeMutablePointer<Float>, _ most: inout V, _ start: Int, _ end: Int
) {
    let scale = V(k.number)
    var i = start
    if let mask {
        while i < end {
            let value = V.load(mask + i).adding(V.load(x + i), times: scale)
            most = most.choosing(value, below: value, else: most)
            value.store(y + i)
            i &+= V.width
        }
    } else {
        while i < end {
            let value = V.load(x + i) * scale
            most = most.choosing(value, below: value, else: most)
            value.store(y + i)
            i &+= V.width
        }
    }
}

@inline(__always)
private func raiseRow<V: FloatVector>(
    _: V.Type, _ y: UnsafeMutablePointer<Float>, _ greatest: Float, _ sum: inout V, _ start: Int, _ end: Int
) {
    let top = V(greatest)
    var i = start
    while i < end {
        let power = (V.load(y + i) - top).exponential()
        sum = sum + power
        power.store(y + i)
        i &+= V.width
    }
}

@inline(__always)
private func multiplyRow<V: FloatVector>(
    _: V.Type, _ y: UnsafeMutablePointer<Float>, _ factor: Float, _ start: Int, _ end: Int
) {
    let factor = V(factor)
    var i = start
    while i < end {
        (V.load(y + i) * factor).store(y + i)
        i &+= V.width
    }
}

@inline(__always)
private func clearRow<V: FloatVector>(_: V.Type, _ y: UnsafeMutablePointer<Float>, _ start: Int, _ end: Int) {
    var i = start
    while i < end {
        V.zero.store(y + i)
        i &+= V.width
    }
}

@inline(__always)
private func normalizeRow<V: FloatVector>(
    _: V.Type, _ k: RowKernel, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, centers: Bool
) {
    let whole = k.columns &- k.columns % V.width
    let share = 1 / Float(k.columns)
    var mean: Float = 0
    if centers {
        var (sum, rest) = (V.zero, Vector1.zero)
        sumRow(V.self, x, &sum, 0, whole)
        sumRow(Vector1.self, x, &rest, whole, k.columns)
        mean = (total(V.self, sum, k.lanes) + rest.lane) * share
    }
    var (squares, rest) = (V.zero, Vector1.zero)
    squareRow(V.self, x, mean, &squares, 0, whole)
    squareRow(Vector1.self, x, mean, &rest, whole, k.columns)
    let variance = (total(V.self, squares, k.lanes) + rest.lane) * share
    let inverse = 1 / (variance + k.number).squareRoot()
    applyRow(V.self, k, x, y, mean, inverse, 0, whole)
    applyRow(Vector1.self, k, x, y, mean, inverse, whole, k.columns)
}

@inline(__always)
private func sumRow<V: FloatVector>(
    _: V.Type, _ x: UnsafePointer<Float>, _ sum: inout V, _ start: Int, _ end: Int
) {
    var i = start
    while i < end {
        sum = sum + V.load(x + i)
        i &+= V.width
    }
}

@inline(__always)
private func squareRow<V: FloatVector>(
    _: V.Type, _ x: UnsafePointer<Float>, _ mean: Float, _ squares: inout V, _ start: Int, _ end: Int
) {
    let mean = V(mean)
    var i = start
    while i < end {
        let difference = V.load(x + i) - mean
        squares = squares.adding(difference, times: difference)
        i &+= V.width
    }
}

@inline(__always)
private func applyRow<V: FloatVector>(
    _: V.Type, _ k: RowKernel, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ mean: Float,
    _ inverse: Float, _ start: Int, _ end: Int
) {
    guard let weight = k.weight else { return }
    let (mean, inverse) = (V(mean), V(inverse))
    var i = start
    if let shift = k.shift {
        while i < end {
            V.load(shift + i).adding((V.load(x + i) - mean) * inverse, times: V.load(weight + i)).store(y + i)
            i &+= V.width
        }
    } else {
        while i < end {
            ((V.load(x + i) - mean) * inverse * V.load(weight + i)).store(y + i)
            i &+= V.width
        }
    }
}

// The bodies for each width, and the one place that calls their trampolines; both must stay in one file, and the
// caller must not be inlined elsewhere, else the bodies silently run at the baseline's speed.
#if arch(x86_64)
    @c(mlops_rows_8) func runRows8(_ arguments: UnsafeRawPointer) { runRows(Vector8.self, arguments) }
    @c(mlops_rows_16) func runRows16(_ arguments: UnsafeRawPointer) { runRows(Vector16.self, arguments) }
#endif
@inline(never) private func runRows4(_ arguments: UnsafeRawPointer) { runRows(Vector4.self, arguments) }

extension InstructionSet {
    @inline(never)
    func run(_ arguments: RowKernel) {
        withUnsafePointer(to: arguments) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                switch vectorWidth {
                case 16: mlops_rows_avx512(raw)
                case 8: mlops_rows_avx2(raw)
                default: runRows4(raw)
                }
            #else
                runRows4(raw)
            #endif
        }
    }
}
