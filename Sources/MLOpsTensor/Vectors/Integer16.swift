internal import CTensorDispatch

#if arch(x86_64)
    /// 16 integers: an AVX-512 register.
    struct Integer16: IntegerVector {
        var lanes: SIMD16<Int32>

        @inline(__always) init(lanes: SIMD16<Int32>) { self.lanes = lanes }
        @inline(__always) init(_ value: Int32) { lanes = SIMD16<Int32>(repeating: value) }
        @inline(__always) init(bitsOf floats: Vector16) { lanes = unsafeBitCast(floats.lanes, to: SIMD16<Int32>.self) }
        @inline(__always) static var width: Int { 16 }
        @inline(__always) static var tileRows: Int { 8 }
        @inline(__always) static func load(_ pointer: UnsafeRawPointer) -> Self {
            Self(lanes: pointer.loadUnaligned(as: SIMD16<Int32>.self))
        }
        @inline(__always) static func loadBytes(_ pointer: UnsafePointer<UInt8>) -> Self {
            Self(lanes: mlops_integers16(UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<UInt8>.self)))
        }
        @inline(__always) func store(_ pointer: UnsafeMutableRawPointer) {
            pointer.storeBytes(of: lanes, as: SIMD16<Int32>.self)
        }
        @inline(__always) func storeBytes(_ pointer: UnsafeMutableRawPointer) {
            pointer.storeBytes(of: mlops_bytes16(lanes), as: SIMD16<UInt8>.self)
        }
        @inline(__always) static func + (a: Self, b: Self) -> Self { Self(lanes: a.lanes &+ b.lanes) }
        @inline(__always) static func - (a: Self, b: Self) -> Self { Self(lanes: a.lanes &- b.lanes) }
        @inline(__always) static func * (a: Self, b: Self) -> Self { Self(lanes: a.lanes &* b.lanes) }
        @inline(__always) static func ^ (a: Self, b: Self) -> Self { Self(lanes: a.lanes ^ b.lanes) }
        @inline(__always) func adding(_ a: Self, times b: Self) -> Self {
            Self(lanes: mlops_dot16(a.lanes, b.lanes, lanes))
        }
        @inline(__always) var floats: Vector16 { Vector16(lanes: mlops_floats16(lanes)) }
    }
#endif
