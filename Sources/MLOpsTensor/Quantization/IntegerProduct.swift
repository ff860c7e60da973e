internal import CTensorDispatch

/// How products of 8-bit integers are summed up in 32-bit lanes.
enum IntegerProduct: Hashable {
    /// Four products at a time, of bytes without sign and bytes with: AVX-512 VNNI.
    case bytes16
    /// Two products of 16-bit integers at a time, in 8 lanes: AVX2.
    case pairs8
    /// The same in 4 lanes: any other processor.
    case pairs4

    init(_ set: InstructionSet) {
        #if arch(x86_64)
            self = set == .avx512 && mlops_has_vnni() ? .bytes16 : set.vectorWidth >= 8 ? .pairs8 : .pairs4
        #else
            self = .pairs4
        #endif
    }

    /// The lanes of a vector.
    var width: Int { self == .bytes16 ? 16 : self == .pairs8 ? 8 : 4 }
    /// The columns of the tile that stays in registers.
    var tileColumns: Int { 2 * width }
    /// The terms of a sum that lie side by side in a lane.
    var group: Int { self == .bytes16 ? 4 : 2 }
    /// The bytes of an element of a factor.
    var elementSize: Int { self == .bytes16 ? 1 : 2 }
    /// What is added to elements of x, and of w, so that they fit the products.
    func shifts(signedX: Bool, signedW: Bool) -> (x: Int, w: Int) {
        self == .bytes16 ? (signedX ? 128 : 0, signedW ? 0 : -128) : (0, 0)
    }
}
