extension Compute {
    /// Multiplies matrices: C = A·B, or C += A·B.
    ///
    /// - Parameters:
    ///   - a: `[M, K]`, or `[K, M]` when transposed.
    ///   - b: `[K, N]`, or `[N, K]` when transposed.
    ///   - c: `[M, N]`; not one of the factors.
    ///   - transposingA: Whether A is stored transposed.
    ///   - transposingB: Whether B is stored transposed.
    ///   - accumulating: Whether the product is added to what C holds.
    public func matrixProduct(
        _ a: Tensor, _ b: Tensor, into c: Tensor, transposingA: Bool = false, transposingB: Bool = false,
        accumulating: Bool = false
    ) {
        require(a, "A", hasRank: 2)
        require(b, "B", hasRank: 2)
        let (m, k) = transposingA ? (a.shape[1], a.shape[0]) : (a.shape[0], a.shape[1])
        let n = transposingB ? b.shape[0] : b.shape[1]
        require(b, "B", hasShape: transposingB ? SIMD2(n, k) : SIMD2(k, n))
        require(c, "C", hasShape: SIMD2(m, n))
        if k == 0 && !accumulating { c.fill(0) }
        packedProduct(
            MatrixView(pointer: UnsafePointer(a.pointer), stride: a.shape[1], transposed: transposingA),
            MatrixView(pointer: UnsafePointer(b.pointer), stride: b.shape[1], transposed: transposingB),
            into: c.pointer, rows: m, columns: n, terms: k, accumulating: accumulating)
    }

    /// Sums each channel over all that comes before the last axis: the gradient of a bias.
    ///
    /// - Parameters:
    ///   - x: `[…, K]`.
    ///   - sums: `[K]`.
    public func columnSums(_ x: Tensor, into sums: Tensor) {
        require(sums, "sums", hasCount: x.channels)
        channelSums(.sums, x, x, mean: nil) { channel, sum, _ in sums.pointer[channel] = Float(sum) }
    }
}
