internal import CTensorDispatch

/// One float: what remains at the edges, computed by the same source as whole vectors.
struct Vector1: FloatVector {
    var lane: Float

    @inline(__always) init(_ value: Float) { lane = value }
    @inline(__always) static var width: Int { 1 }
    @inline(__always) static var tileRows: Int { 4 }
    @inline(__always) static var zero: Self { Self(0) }
    @inline(__always) static func load(_ pointer: UnsafePointer<Float>) -> Self { Self(pointer.pointee) }
    @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>) { pointer.pointee = lane }
    @inline(__always) static func + (a: Self, b: Self) -> Self { Self(a.lane + b.lane) }
    @inline(__always) static func - (a: Self, b: Self) -> Self { Self(a.lane - b.lane) }
    @inline(__always) static func * (a: Self, b: Self) -> Self { Self(a.lane * b.lane) }
    @inline(__always) static func / (a: Self, b: Self) -> Self { Self(a.lane / b.lane) }
    @inline(__always) func adding(_ a: Self, times b: Self) -> Self { Self(mlops_mad1(a.lane, b.lane, lane)) }
    @inline(__always) func squareRoot() -> Self { Self(lane.squareRoot()) }
    @inline(__always) func relu() -> Self { Self(lane < 0 ? 0 : lane) }
    @inline(__always) func clipped(at limit: Self) -> Self { Self(lane > limit.lane ? limit.lane : lane) }
    @inline(__always) func raised(to limit: Self) -> Self { Self(lane < limit.lane ? limit.lane : lane) }
    @inline(__always) func choosing(_ a: Self, below limit: Self, else b: Self) -> Self { lane < limit.lane ? a : b }
    @inline(__always) func scaled(byBitsOf exponent: Self) -> Self {
        Self(Float(bitPattern: lane.bitPattern &+ exponent.lane.bitPattern &<< 23))
    }
    @inline(__always) func kept(wherePositive other: Self) -> Self { Self(other.lane > 0 ? lane : 0) }
    @inline(__always) func kept(whereBitsOf a: Self, equal b: Self) -> Self {
        Self(a.lane.bitPattern == b.lane.bitPattern ? lane : 0)
    }
    @inline(__always) mutating func takeMaximum(_ candidate: Self, index: Self, winner: inout Self) {
        if candidate.lane > lane || candidate.lane.isNaN { (self, winner) = (candidate, index) }
    }
}
