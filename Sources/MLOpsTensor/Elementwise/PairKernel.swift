internal import CTensorDispatch

/// Rows of sums, differences, products or quotients; a row of either side may be one number, or the same for all rows.
struct PairKernel {
    var operation = PairOperation.add
    var a: UnsafePointer<Float>
    var b: UnsafePointer<Float>
    var c: UnsafeMutablePointer<Float>
    var rows = 1, columns = 0
    /// From one row to the next.
    var aRow = 0, bRow = 0, cRow = 0
    /// Whether a row is one number.
    var aIsOne = false, bIsOne = false
}

/// An operation on two numbers.
package enum PairOperation: Sendable, Hashable { case add, subtract, multiply, divide }

/// A ``PairOperation`` as a type, so that kernels have a loop for each.
private protocol LanePair { static func apply<V: FloatVector>(_ a: V, _ b: V) -> V }
private enum Sum: LanePair { @inline(__always) static func apply<V: FloatVector>(_ a: V, _ b: V) -> V { a + b } }
private enum Difference: LanePair { @inline(__always) static func apply<V: FloatVector>(_ a: V, _ b: V) -> V { a - b } }
private enum Product: LanePair { @inline(__always) static func apply<V: FloatVector>(_ a: V, _ b: V) -> V { a * b } }
private enum Quotient: LanePair { @inline(__always) static func apply<V: FloatVector>(_ a: V, _ b: V) -> V { a / b } }

@inline(__always)
private func pairRows<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let k = raw.assumingMemoryBound(to: PairKernel.self).pointee
    let whole = k.columns &- k.columns % V.width
    var row = 0
    while row < k.rows {
        let (a, b, c) = (k.a + row &* k.aRow, k.b + row &* k.bRow, k.c + row &* k.cRow)
        pairRow(V.self, k, a, b, c, 0, whole)
        if whole < k.columns { pairRow(Vector1.self, k, a, b, c, whole, k.columns) }
        row &+= 1
    }
}

@inline(__always)
private func pairRow<V: FloatVector>(
    _: V.Type, _ k: PairKernel, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
    _ start: Int, _ end: Int
) {
    switch k.operation {
    case .add: pairRow(Sum.self, V.self, k, a, b, c, start, end)
    case .subtract: pairRow(Difference.self, V.self, k, a, b, c, start, end)
    case .multiply: pairRow(Product.self, V.self, k, a, b, c, start, end)
    case .divide: pairRow(Quotient.self, V.self, k, a, b, c, start, end)
    }
}

@inline(__always)
private func pairRow<P: LanePair, V: FloatVector>(
    _: P.Type, _: V.Type, _ k: PairKernel, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ start: Int, _ end: Int
) {
    var i = start
    if k.aIsOne {
        let x = V(a[0])
        while i < end {
            P.apply(x, k.bIsOne ? V(b[0]) : V.load(b + i)).store(c + i)
            i &+= V.width
        }
    } else if k.bIsOne {
        let y = V(b[0])
        while i < end {
            P.apply(V.load(a + i), y).store(c + i)
            i &+= V.width
        }
    } else {
        while i < end {
            P.apply(V.load(a + i), V.load(b + i)).store(c + i)
            i &+= V.width
        }
    }
}

// The bodies for each width, and the one place that calls their trampolines; both must stay in one file, and the
// caller must not be inlined elsewhere, else the bodies silently run at the baseline's speed.
#if arch(x86_64)
    @c(mlops_pair_8) func pairRows8(_ arguments: UnsafeRawPointer) { pairRows(Vector8.self, arguments) }
    @c(mlops_pair_16) func pairRows16(_ arguments: UnsafeRawPointer) { pairRows(Vector16.self, arguments) }
#endif
@inline(never) private func pairRows4(_ arguments: UnsafeRawPointer) { pairRows(Vector4.self, arguments) }

extension InstructionSet {
    @inline(never)
    func run(_ arguments: PairKernel) {
        withUnsafePointer(to: arguments) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                switch vectorWidth {
                case 16: mlops_pair_avx512(raw)
                case 8: mlops_pair_avx2(raw)
                default: pairRows4(raw)
                }
            #else
                pairRows4(raw)
            #endif
        }
    }
}
