extension Reference {
    /// Σ (x − zero point) · (w − zero point), by its definition: one output after the other.
    package static func convolution(
        _ x: QuantizedTensor, zeroPoint: Int, weights: QuantizedWeights, geometry g: ConvolutionGeometry
    ) -> [Int32] {
        let size = g.outputSize(height: x.shape[1], width: x.shape[2])
        let (groupInputs, outputs) = (weights.shape[2], weights.shape[3])
        let values = weights.values
        var sums: [Int32] = []
        for pixel in 0..<x.shape[0] * size.height * size.width {
            let (line, q) = (pixel / size.width, pixel % size.width)
            let (image, p) = (line / size.height, line % size.height)
            for k in 0..<outputs {
                var sum = 0
                for r in 0..<g.rows {
                    for s in 0..<g.columns {
                        let row = p * g.strideY + r * g.dilationY - g.paddingTop
                        let column = q * g.strideX + s * g.dilationX - g.paddingLeft
                        guard row >= 0, row < x.shape[1], column >= 0, column < x.shape[2] else { continue }
                        let first = ((image * x.shape[1] + row) * x.shape[2] + column) * x.shape[3]
                        for c in 0..<groupInputs {
                            let a = x.value(first + k / (outputs / g.groups) * groupInputs + c)
                            let b = values[((r * g.columns + s) * groupInputs + c) * outputs + k]
                            sum += (a - zeroPoint) * (b - weights.zeroPoints[k])
                        }
                    }
                }
                sums.append(Int32(truncatingIfNeeded: sum))
            }
        }
        return sums
    }

    /// The integer for a number: rounded half to even, plus the zero point, within the range of the type.
    package static func quantized(_ number: Float, zeroPoint: Int, isSigned: Bool) -> UInt8 {
        let (lowest, highest) = isSigned ? (-128, 127) : (0, 255)
        let value = max(Float(lowest - zeroPoint), min(Float(highest - zeroPoint), number))
        return UInt8(truncatingIfNeeded: Int(value.rounded(.toNearestOrEven)) + zeroPoint)
    }
}
