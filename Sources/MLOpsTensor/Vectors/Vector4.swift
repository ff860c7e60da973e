internal import CTensorDispatch

/// 4 floats: an SSE or NEON register.
struct Vector4: FloatVector {
    var lanes: SIMD4<Float>

    @inline(__always) init(lanes: SIMD4<Float>) { self.lanes = lanes }
    @inline(__always) init(_ value: Float) { lanes = SIMD4<Float>(repeating: value) }
    @inline(__always) static var width: Int { 4 }
    #if arch(arm64)
        /// 32 registers hold 16 vectors of sums.
        @inline(__always) static var tileRows: Int { 8 }
    #else
        @inline(__always) static var tileRows: Int { 4 }
    #endif
    @inline(__always) static var zero: Self { Self(lanes: SIMD4<Float>()) }
    @inline(__always) static func load(_ pointer: UnsafePointer<Float>) -> Self {
        Self(lanes: UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Float>.self))
    }
    @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(pointer).storeBytes(of: lanes, as: SIMD4<Float>.self)
    }
    @inline(__always) static func + (a: Self, b: Self) -> Self { Self(lanes: a.lanes + b.lanes) }
    @inline(__always) static func - (a: Self, b: Self) -> Self { Self(lanes: a.lanes - b.lanes) }
    @inline(__always) static func * (a: Self, b: Self) -> Self { Self(lanes: a.lanes * b.lanes) }
    @inline(__always) static func / (a: Self, b: Self) -> Self { Self(lanes: a.lanes / b.lanes) }
    @inline(__always) func adding(_ a: Self, times b: Self) -> Self {
        Self(lanes: mlops_mad4(a.lanes, b.lanes, lanes))
    }
    @inline(__always) func squareRoot() -> Self { Self(lanes: lanes.squareRoot()) }
    @inline(__always) func relu() -> Self { Self(lanes: lanes.replacing(with: 0, where: lanes .< 0)) }
    @inline(__always) func clipped(at limit: Self) -> Self {
        Self(lanes: lanes.replacing(with: limit.lanes, where: lanes .> limit.lanes))
    }
    @inline(__always) func raised(to limit: Self) -> Self {
        Self(lanes: lanes.replacing(with: limit.lanes, where: lanes .< limit.lanes))
    }
    @inline(__always) func choosing(_ a: Self, below limit: Self, else b: Self) -> Self {
        Self(lanes: b.lanes.replacing(with: a.lanes, where: lanes .< limit.lanes))
    }
    @inline(__always) func scaled(byBitsOf exponent: Self) -> Self {
        let step = unsafeBitCast(exponent.lanes, to: SIMD4<Int32>.self) &<< 23
        return Self(lanes: unsafeBitCast(unsafeBitCast(lanes, to: SIMD4<Int32>.self) &+ step, to: SIMD4<Float>.self))
    }
    @inline(__always) func kept(wherePositive other: Self) -> Self {
        Self(lanes: SIMD4<Float>().replacing(with: lanes, where: other.lanes .> 0))
    }
    @inline(__always) func kept(whereBitsOf a: Self, equal b: Self) -> Self {
        let mask = unsafeBitCast(a.lanes, to: SIMD4<Int32>.self) .== unsafeBitCast(b.lanes, to: SIMD4<Int32>.self)
        return Self(lanes: SIMD4<Float>().replacing(with: lanes, where: mask))
    }
    @inline(__always) mutating func takeMaximum(_ candidate: Self, index: Self, winner: inout Self) {
        let taken = (candidate.lanes .> lanes) .| (candidate.lanes .!= candidate.lanes)
        lanes.replace(with: candidate.lanes, where: taken)
        winner.lanes.replace(with: index.lanes, where: taken)
    }
}
