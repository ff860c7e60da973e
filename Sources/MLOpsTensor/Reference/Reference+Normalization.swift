extension Reference {
    package static func batchNorm(
        _ x: Tensor, scale: Tensor, offset: Tensor, epsilon: Float, into y: Tensor, mean: Tensor,
        inverseDeviation: Tensor
    ) {
        let (rows, channels) = (x.rows, x.channels)
        for c in 0..<channels {
            var sum = 0.0
            for row in 0..<rows { sum += Double(x.pointer[row * channels + c]) }
            let average = sum / Double(rows)
            var squares = 0.0
            for row in 0..<rows {
                let difference = Double(x.pointer[row * channels + c]) - average
                squares += difference * difference
            }
            let inverse = 1 / (squares / Double(rows) + Double(epsilon)).squareRoot()
            mean.pointer[c] = Float(average)
            inverseDeviation.pointer[c] = Float(inverse)
            for row in 0..<rows {
                let normal = (Double(x.pointer[row * channels + c]) - average) * inverse
                y.pointer[row * channels + c] = Float(normal * Double(scale.pointer[c]) + Double(offset.pointer[c]))
            }
        }
    }

    package static func batchNormBackward(
        _ dy: Tensor, _ x: Tensor, scale: Tensor, mean: Tensor, inverseDeviation: Tensor, into dx: Tensor,
        dScale: Tensor, dOffset: Tensor
    ) {
        let (rows, channels) = (x.rows, x.channels)
        for c in 0..<channels {
            let average = Double(mean.pointer[c])
            let inverse = Double(inverseDeviation.pointer[c])
            var sum = 0.0
            var products = 0.0
            for row in 0..<rows {
                let gradient = Double(dy.pointer[row * channels + c])
                sum += gradient
                products += gradient * (Double(x.pointer[row * channels + c]) - average) * inverse
            }
            dOffset.pointer[c] = Float(sum)
            dScale.pointer[c] = Float(products)
            let factor = Double(scale.pointer[c]) * inverse
            for row in 0..<rows {
                let normal = (Double(x.pointer[row * channels + c]) - average) * inverse
                let gradient = Double(dy.pointer[row * channels + c])
                dx.pointer[row * channels + c] = Float(
                    factor * (gradient - sum / Double(rows) - normal * products / Double(rows)))
            }
        }
    }

    package static func scaleAndShift(_ x: Tensor, scale: Tensor, shift: Tensor, relu: Bool, into y: Tensor) {
        let channels = x.channels
        for i in 0..<x.count {
            let value = Double(x.pointer[i]) * Double(scale.pointer[i % channels]) + Double(shift.pointer[i % channels])
            y.pointer[i] = relu && value < 0 ? 0 : Float(value)
        }
    }
}
