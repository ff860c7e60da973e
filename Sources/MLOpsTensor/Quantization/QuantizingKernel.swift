/// From floats to 8-bit integers and back, element by element.
struct QuantizingKernel {
    enum Operation {
        /// floats → bytes.
        case quantize
        /// bytes a → floats.
        case dequantize
        /// bytes a + bytes b → bytes.
        case add
    }

    var operation: Operation
    /// The elements; whole vectors are read and written.
    var count = 0
    var floats: UnsafeMutablePointer<Float>
    var a: UnsafePointer<UInt8>, b: UnsafePointer<UInt8>
    var bytes: UnsafeMutablePointer<UInt8>
    /// 0x80 where the bytes are two's complement: flipping the highest bit adds 128.
    var flipA: Int32 = 0, flipB: Int32 = 0
    /// Zero points, of flipped bytes.
    var zeroA: Int32 = 0, zeroB: Int32 = 0
    var scaleA: Float = 1, scaleB: Float = 1
    var scale: Float = 1
    var zeroPoint: Int32 = 0
    /// The range of the result, without the zero point.
    var lowest: Float = 0, highest: Float = 0
}

@inline(__always)
func quantize<V: IntegerVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let k = raw.assumingMemoryBound(to: QuantizingKernel.self).pointee
    let (lowest, highest) = (V.Floats(k.lowest), V.Floats(k.highest))
    let (scale, scaleA, scaleB) = (V.Floats(k.scale), V.Floats(k.scaleA), V.Floats(k.scaleB))
    let (zeroPoint, zeroA, zeroB) = (V(k.zeroPoint), V(k.zeroA), V(k.zeroB))
    let (flipA, flipB) = (V(k.flipA), V(k.flipB))
    var i = 0
    while i < k.count {
        switch k.operation {
        case .quantize:
            let x = V.Floats.load(k.floats + i) / scale
            (rounded(V.self, x, lowest: lowest, highest: highest) + zeroPoint).storeBytes(k.bytes + i)
        case .dequantize:
            let x = ((V.loadBytes(k.a + i) ^ flipA) - zeroA).floats * scaleA
            x.store(k.floats + i)
        case .add:
            let a = ((V.loadBytes(k.a + i) ^ flipA) - zeroA).floats * scaleA
            let b = ((V.loadBytes(k.b + i) ^ flipB) - zeroB).floats * scaleB
            (rounded(V.self, (a + b) / scale, lowest: lowest, highest: highest) + zeroPoint).storeBytes(k.bytes + i)
        }
        i &+= V.width
    }
}
