internal import CTensorDispatch

/// What is done last to rows of results: f(x + bias + addend), kept between two bounds where f is that.
struct FinishKernel {
    enum Operation {
        case clamp, affine, hardSwish, hardSigmoid, leaky, squareRoot, exponential, logistic, tangent, error
    }

    var operation = Operation.clamp
    var x: UnsafePointer<Float>
    var y: UnsafeMutablePointer<Float>
    /// A number for each column; `nil` for none.
    var bias: UnsafePointer<Float>?
    /// A number for each element; `nil` for none.
    var addend: UnsafePointer<Float>?
    var rows = 1, columns = 0
    /// From one row to the next.
    var xRow = 0, yRow = 0, addendRow = 0
    /// The numbers that the function is told.
    var first: Float = 0, second: Float = 0

    /// Whether it does no more than add a bias and keep the sum between two bounds.
    var isBiasAndBounds: Bool { operation == .clamp && addend == nil }

    /// Takes on a function.
    mutating func set(_ function: ElementFunction) {
        (operation, first, second) =
            switch function {
            case .clamp(let low, let high): (.clamp, low, high)
            case .affine(let a, let b): (.affine, a, b)
            case .hardSwish(let a, let b): (.hardSwish, a, b)
            case .hardSigmoid(let a, let b): (.hardSigmoid, a, b)
            case .leaky(let a): (.leaky, a, 0)
            case .squareRoot: (.squareRoot, 0, 0)
            case .exponential: (.exponential, 0, 0)
            case .logistic: (.logistic, 1, 1)
            case .swish(let a): (.logistic, a, 0)
            case .hyperbolicTangent: (.tangent, 0, 1)
            case .geluByTangent: (.tangent, 0, 0)
            case .errorFunction: (.error, 1, 1)
            // √½ = 0.7071…
            case .gelu: (.error, 0.707_106_77, 0)
            }
    }
}

@inline(__always)
private func finishRows<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let k = raw.assumingMemoryBound(to: FinishKernel.self).pointee
    let whole = k.columns &- k.columns % V.width
    var row = 0
    while row < k.rows {
        addRow(V.self, k, row, 0, whole)
        if whole < k.columns { addRow(Vector1.self, k, row, whole, k.columns) }
        if k.operation != .clamp {
            mapRow(V.self, k, k.y + row &* k.yRow, 0, whole)
            if whole < k.columns { mapRow(Vector1.self, k, k.y + row &* k.yRow, whole, k.columns) }
        }
        row &+= 1
    }
}

/// The sums of a row, kept between the bounds.
@inline(__always)
private func addRow<V: FloatVector>(_: V.Type, _ k: FinishKernel, _ row: Int, _ start: Int, _ end: Int) {
    let (x, y) = (k.x + row &* k.xRow, k.y + row &* k.yRow)
    let bounds = k.operation == .clamp
    let (low, high) = (V(bounds ? k.first : -.infinity), V(bounds ? k.second : .infinity))
    var i = start
    if let addend = k.addend {
        let addend = addend + row &* k.addendRow
        if let bias = k.bias {
            while i < end {
                (V.load(x + i) + V.load(bias + i) + V.load(addend + i)).raised(to: low).clipped(at: high).store(y + i)
                i &+= V.width
            }
        } else {
            while i < end {
                (V.load(x + i) + V.load(addend + i)).raised(to: low).clipped(at: high).store(y + i)
                i &+= V.width
            }
        }
    } else if let bias = k.bias {
        while i < end {
            (V.load(x + i) + V.load(bias + i)).raised(to: low).clipped(at: high).store(y + i)
            i &+= V.width
        }
    } else {
        while i < end {
            V.load(x + i).raised(to: low).clipped(at: high).store(y + i)
            i &+= V.width
        }
    }
}

@inline(__always)
private func mapRow<V: FloatVector>(
    _: V.Type, _ k: FinishKernel, _ y: UnsafeMutablePointer<Float>, _ start: Int, _ end: Int
) {
    let (a, b) = (V(k.first), V(k.second))
    switch k.operation {
    case .clamp: break
    case .affine: map(AffineFunction.self, y, a, b, start, end)
    case .hardSwish: map(HardSwishFunction.self, y, a, b, start, end)
    case .hardSigmoid: map(HardSigmoidFunction.self, y, a, b, start, end)
    case .leaky: map(LeakyFunction.self, y, a, b, start, end)
    case .squareRoot: map(SquareRootFunction.self, y, a, b, start, end)
    case .exponential: map(ExponentialFunction.self, y, a, b, start, end)
    case .logistic: map(LogisticFunction.self, y, a, b, start, end)
    case .tangent: map(TangentFunction.self, y, a, b, start, end)
    case .error: map(ErrorFunction.self, y, a, b, start, end)
    }
}

@inline(__always)
private func map<F: LaneFunction, V: FloatVector>(
    _: F.Type, _ y: UnsafeMutablePointer<Float>, _ a: V, _ b: V, _ start: Int, _ end: Int
) {
    var i = start
    while i < end {
        F.apply(V.load(y + i), a, b).store(y + i)
        i &+= V.width
    }
}

// The bodies for each width, and the one place that calls their trampolines; both must stay in one file, and the
// caller must not be inlined elsewhere, else the bodies silently run at the baseline's speed.
#if arch(x86_64)
    @c(mlops_finish_8) func finishRows8(_ arguments: UnsafeRawPointer) { finishRows(Vector8.self, arguments) }
    @c(mlops_finish_16) func finishRows16(_ arguments: UnsafeRawPointer) { finishRows(Vector16.self, arguments) }
#endif
@inline(never) private func finishRows4(_ arguments: UnsafeRawPointer) { finishRows(Vector4.self, arguments) }

extension InstructionSet {
    @inline(never)
    func run(_ arguments: FinishKernel) {
        withUnsafePointer(to: arguments) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                switch vectorWidth {
                case 16: mlops_finish_avx512(raw)
                case 8: mlops_finish_avx2(raw)
                default: finishRows4(raw)
                }
            #else
                finishRows4(raw)
            #endif
        }
    }
}
