/// What becomes of the sums of products of 8-bit integers, Σ (x − zero point of x) · (w − zero point of w).
package enum QuantizedResult {
    /// They are written as they are, `[…, K]`: the ONNX operators `ConvInteger` and `MatMulInteger`.
    case integers(UnsafeMutablePointer<Int32>)
    /// sum · scale + bias, with one scale or one for each channel, and a bias for each channel or none.
    case floats(Tensor, scales: [Float], bias: [Float]? = nil)
    /// They are turned into 8-bit integers: `QLinearConv` and `QLinearMatMul`.
    case bytes(QuantizedTensor, Requantization)
}

/// How sums become 8-bit integers: (sum + bias) · multiplier, rounded to the nearest integer and half to the even one,
/// plus the zero point, and cut to the range of the type.
package struct Requantization: Sendable {
    /// One, or one for each channel: scale of x · scale of w / scale of y.
    package var multipliers: [Float]
    /// One for each channel, in units of scale of x · scale of w; nil for none.
    package var bias: [Int32]?
    /// The integer that stands for zero.
    package var zeroPoint: Int
    /// Whether nothing below zero is left over.
    package var relu: Bool

    /// Makes a requantization.
    package init(multipliers: [Float], bias: [Int32]? = nil, zeroPoint: Int, relu: Bool = false) {
        self.multipliers = multipliers
        self.bias = bias
        self.zeroPoint = zeroPoint
        self.relu = relu
    }
}
