extension Reference {
    package static func convolution(
        _ x: Tensor, weights: Tensor, bias: Tensor?, geometry: ConvolutionGeometry, into y: Tensor
    ) {
        var sums = [Double](repeating: 0, count: y.count)
        if let bias { for i in 0..<y.count { sums[i] = Double(bias.pointer[i % bias.count]) } }
        forEachProduct(x: x, weights: weights, y: y, geometry: geometry) { xIndex, wIndex, yIndex in
            sums[yIndex] += Double(x.pointer[xIndex]) * Double(weights.pointer[wIndex])
        }
        for i in 0..<y.count { y.pointer[i] = Float(sums[i]) }
    }

    package static func convolutionBackwardData(
        _ dy: Tensor, weights: Tensor, geometry: ConvolutionGeometry, into dx: Tensor
    ) {
        var sums = [Double](repeating: 0, count: dx.count)
        forEachProduct(x: dx, weights: weights, y: dy, geometry: geometry) { xIndex, wIndex, yIndex in
            sums[xIndex] += Double(dy.pointer[yIndex]) * Double(weights.pointer[wIndex])
        }
        for i in 0..<dx.count { dx.pointer[i] = Float(sums[i]) }
    }

    package static func convolutionBackwardWeights(
        _ x: Tensor, _ dy: Tensor, geometry: ConvolutionGeometry, into dw: Tensor
    ) {
        var sums = [Double](repeating: 0, count: dw.count)
        forEachProduct(x: x, weights: dw, y: dy, geometry: geometry) { xIndex, wIndex, yIndex in
            sums[wIndex] += Double(x.pointer[xIndex]) * Double(dy.pointer[yIndex])
        }
        for i in 0..<dw.count { dw.pointer[i] = Float(sums[i]) }
    }

    /// Visits each triple of an input, a weight and the output that their product belongs to.
    @inline(__always)
    private static func forEachProduct(
        x: Tensor, weights: Tensor, y: Tensor, geometry g: ConvolutionGeometry, _ visit: (Int, Int, Int) -> Void
    ) {
        let (images, height, width, inputs) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
        let (rows, columns, outputs) = (y.shape[1], y.shape[2], y.shape[3])
        let groupInputs = inputs / g.groups
        let groupOutputs = outputs / g.groups
        for image in 0..<images {
            for p in 0..<rows {
                for q in 0..<columns {
                    for r in 0..<g.rows {
                        let row = p * g.strideY + r * g.dilationY - g.paddingTop
                        if row < 0 || row >= height { continue }
                        for s in 0..<g.columns {
                            let column = q * g.strideX + s * g.dilationX - g.paddingLeft
                            if column < 0 || column >= width { continue }
                            let xPixel = ((image * height + row) * width + column) * inputs
                            let yPixel = ((image * rows + p) * columns + q) * outputs
                            for c in 0..<groupInputs {
                                let tap = ((r * g.columns + s) * groupInputs + c) * outputs
                                for k in 0..<outputs {
                                    visit(xPixel + k / groupOutputs * groupInputs + c, tap + k, yPixel + k)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
