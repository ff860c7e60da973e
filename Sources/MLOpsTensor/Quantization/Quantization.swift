/// What 8-bit integers stand for: an integer q for the number (q − zero point) · scale, as the ONNX operators
/// `QuantizeLinear` and `DequantizeLinear` define it.
package struct Quantization: Sendable, Hashable {
    /// The distance of two numbers that follow each other; above zero.
    package var scale: Float
    /// The integer that stands for zero.
    package var zeroPoint: Int

    /// Makes a quantization.
    package init(scale: Float, zeroPoint: Int) {
        self.scale = scale
        self.zeroPoint = zeroPoint
    }
}
