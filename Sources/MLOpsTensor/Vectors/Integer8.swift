internal import CTensorDispatch

#if arch(x86_64)
    /// 8 integers: an AVX register.
    struct Integer8: IntegerVector {
        var lanes: SIMD8<Int32>

        @inline(__always) init(lanes: SIMD8<Int32>) { self.lanes = lanes }
        @inline(__always) init(_ value: Int32) { lanes = SIMD8<Int32>(repeating: value) }
        @inline(__always) init(bitsOf floats: Vector8) { lanes = unsafeBitCast(floats.lanes, to: SIMD8<Int32>.self) }
        @inline(__always) static var width: Int { 8 }
        @inline(__always) static var tileRows: Int { 6 }
        @inline(__always) static func load(_ pointer: UnsafeRawPointer) -> Self {
            Self(lanes: pointer.loadUnaligned(as: SIMD8<Int32>.self))
        }
        @inline(__always) static func loadBytes(_ pointer: UnsafePointer<UInt8>) -> Self {
            Self(lanes: mlops_integers8(UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<UInt8>.self)))
        }
        @inline(__always) func store(_ pointer: UnsafeMutableRawPointer) {
            pointer.storeBytes(of: lanes, as: SIMD8<Int32>.self)
        }
        @inline(__always) func storeBytes(_ pointer: UnsafeMutableRawPointer) {
            pointer.storeBytes(of: mlops_bytes8(lanes), as: SIMD8<UInt8>.self)
        }
        @inline(__always) static func + (a: Self, b: Self) -> Self { Self(lanes: a.lanes &+ b.lanes) }
        @inline(__always) static func - (a: Self, b: Self) -> Self { Self(lanes: a.lanes &- b.lanes) }
        @inline(__always) static func * (a: Self, b: Self) -> Self { Self(lanes: a.lanes &* b.lanes) }
        @inline(__always) static func ^ (a: Self, b: Self) -> Self { Self(lanes: a.lanes ^ b.lanes) }
        @inline(__always) func adding(_ a: Self, times b: Self) -> Self {
            Self(lanes: mlops_dot8(a.lanes, b.lanes, lanes))
        }
        @inline(__always) var floats: Vector8 { Vector8(lanes: mlops_floats8(lanes)) }
    }
#endif
