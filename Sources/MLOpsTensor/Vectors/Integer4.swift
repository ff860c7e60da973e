internal import CTensorDispatch

/// 4 integers: an SSE or NEON register.
struct Integer4: IntegerVector {
    var lanes: SIMD4<Int32>

    @inline(__always) init(lanes: SIMD4<Int32>) { self.lanes = lanes }
    @inline(__always) init(_ value: Int32) { lanes = SIMD4<Int32>(repeating: value) }
    @inline(__always) init(bitsOf floats: Vector4) { lanes = unsafeBitCast(floats.lanes, to: SIMD4<Int32>.self) }
    @inline(__always) static var width: Int { 4 }
    @inline(__always) static var tileRows: Int { 4 }
    @inline(__always) static func load(_ pointer: UnsafeRawPointer) -> Self {
        Self(lanes: pointer.loadUnaligned(as: SIMD4<Int32>.self))
    }
    @inline(__always) static func loadBytes(_ pointer: UnsafePointer<UInt8>) -> Self {
        Self(lanes: mlops_integers4(UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<UInt8>.self)))
    }
    @inline(__always) func store(_ pointer: UnsafeMutableRawPointer) {
        pointer.storeBytes(of: lanes, as: SIMD4<Int32>.self)
    }
    @inline(__always) func storeBytes(_ pointer: UnsafeMutableRawPointer) {
        pointer.storeBytes(of: mlops_bytes4(lanes), as: SIMD4<UInt8>.self)
    }
    @inline(__always) static func + (a: Self, b: Self) -> Self { Self(lanes: a.lanes &+ b.lanes) }
    @inline(__always) static func - (a: Self, b: Self) -> Self { Self(lanes: a.lanes &- b.lanes) }
    @inline(__always) static func * (a: Self, b: Self) -> Self { Self(lanes: a.lanes &* b.lanes) }
    @inline(__always) static func ^ (a: Self, b: Self) -> Self { Self(lanes: a.lanes ^ b.lanes) }
    @inline(__always) func adding(_ a: Self, times b: Self) -> Self {
        Self(lanes: mlops_dot4(a.lanes, b.lanes, lanes))
    }
    @inline(__always) var floats: Vector4 { Vector4(lanes: mlops_floats4(lanes)) }
}
