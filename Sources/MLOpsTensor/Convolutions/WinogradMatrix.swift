/// The one-dimensional transforms of Winograd's F(4, 3): four outputs of a three-tap filter from six inputs, with six
/// multiplications (Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural Networks", §4.3).
///
/// Y = Aᵀ[(G·g) ⊙ (Bᵀ·d)]; gradients are the transposes of the same form. Each reads vectors a stride apart, and writes
/// vectors a stride apart.
enum WinogradMatrix<V: FloatVector> {
    /// Bᵀ: six inputs to six points.
    @inline(__always)
    static func input(
        _ d0: V, _ d1: V, _ d2: V, _ d3: V, _ d4: V, _ d5: V, to target: UnsafeMutablePointer<Float>, _ stride: Int
    ) {
        let even = d4.adding(V(-4), times: d2)
        let odd = d3.adding(V(-4), times: d1)
        let evenRest = d4 - d2
        let oddRest = d3 - d1
        d4.adding(V(4), times: d0).adding(V(-5), times: d2).store(target)
        (even + odd).store(target + stride)
        (even - odd).store(target + 2 &* stride)
        evenRest.adding(V(2), times: oddRest).store(target + 3 &* stride)
        evenRest.adding(V(-2), times: oddRest).store(target + 4 &* stride)
        d5.adding(V(4), times: d1).adding(V(-5), times: d3).store(target + 5 &* stride)
    }

    /// Aᵀ: six points to four outputs.
    @inline(__always)
    static func output(_ m: UnsafePointer<Float>, _ stride: Int) -> (V, V, V, V) {
        let (m1, m2) = (V.load(m + stride), V.load(m + 2 &* stride))
        let (m3, m4) = (V.load(m + 3 &* stride), V.load(m + 4 &* stride))
        let (sum12, difference12) = (m1 + m2, m1 - m2)
        let (sum34, difference34) = (m3 + m4, m3 - m4)
        return (
            V.load(m) + sum12 + sum34, difference12.adding(V(2), times: difference34),
            sum12.adding(V(4), times: sum34),
            (V.load(m + 5 &* stride) + difference12).adding(V(8), times: difference34)
        )
    }

    /// A: four gradients of outputs to six points.
    @inline(__always)
    static func gradient(
        _ y0: V, _ y1: V, _ y2: V, _ y3: V, to target: UnsafeMutablePointer<Float>, _ stride: Int
    ) {
        let (even, odd) = (y0 + y2, y1 + y3)
        let even4 = y0.adding(V(4), times: y2)
        let odd8 = (y1 + y1).adding(V(8), times: y3)
        y0.store(target)
        (even + odd).store(target + stride)
        (even - odd).store(target + 2 &* stride)
        (even4 + odd8).store(target + 3 &* stride)
        (even4 - odd8).store(target + 4 &* stride)
        y3.store(target + 5 &* stride)
    }

    /// B: gradients of six points to those of six inputs.
    @inline(__always)
    static func inputGradient(_ v: UnsafePointer<Float>, _ stride: Int) -> (V, V, V, V, V, V) {
        let (v1, v2) = (V.load(v + stride), V.load(v + 2 &* stride))
        let (v3, v4) = (V.load(v + 3 &* stride), V.load(v + 4 &* stride))
        let (v0, v5) = (V.load(v), V.load(v + 5 &* stride))
        let (sum12, difference12) = (v1 + v2, v1 - v2)
        let (sum34, difference34) = (v3 + v4, v3 - v4)
        return (
            V(4) * v0,
            (V(4) * (v5 - difference12)).adding(V(-2), times: difference34),
            (V.zero - sum34).adding(V(-5), times: v0).adding(V(-4), times: sum12),
            difference12.adding(V(2), times: difference34).adding(V(-5), times: v5),
            v0 + sum12 + sum34,
            v5
        )
    }

    /// G: three taps to six points.
    @inline(__always)
    static func filter(
        _ g: UnsafePointer<Float>, _ gStride: Int, to target: UnsafeMutablePointer<Float>, _ stride: Int
    ) {
        let (g0, g1, g2) = (V.load(g), V.load(g + gStride), V.load(g + 2 &* gStride))
        let outer = V(-1.0 / 6) * (g0 + g2)
        let middle = V(-1.0 / 6) * g1
        let outer4 = (V(1.0 / 24) * g0).adding(V(1.0 / 6), times: g2)
        let middle2 = V(1.0 / 12) * g1
        (V(0.25) * g0).store(target)
        (outer + middle).store(target + stride)
        (outer - middle).store(target + 2 &* stride)
        (outer4 + middle2).store(target + 3 &* stride)
        (outer4 - middle2).store(target + 4 &* stride)
        g2.store(target + 5 &* stride)
    }

    /// Gᵀ: gradients of six points to those of three taps.
    @inline(__always)
    static func filterGradient(
        _ u0: V, _ u1: V, _ u2: V, _ u3: V, _ u4: V, _ u5: V, to target: UnsafeMutablePointer<Float>, _ stride: Int
    ) {
        let (sum12, difference21) = (u1 + u2, u2 - u1)
        let (sum34, difference34) = (u3 + u4, u3 - u4)
        (V(0.25) * u0).adding(V(-1.0 / 6), times: sum12).adding(V(1.0 / 24), times: sum34).store(target)
        (V(1.0 / 6) * difference21).adding(V(1.0 / 12), times: difference34).store(target + stride)
        u5.adding(V(-1.0 / 6), times: sum12).adding(V(1.0 / 6), times: sum34).store(target + 2 &* stride)
    }
}
