#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension Reference {
    package static func softmax(_ logits: Tensor, into y: Tensor) {
        let classes = logits.channels
        for row in 0..<logits.rows {
            let source = logits.pointer + row * classes
            let target = y.pointer + row * classes
            let top = (0..<classes).map { source[$0] }.max() ?? 0
            let powers = (0..<classes).map { exp(Double(source[$0]) - Double(top)) }
            let sum = powers.reduce(0, +)
            for c in 0..<classes { target[c] = Float(powers[c] / sum) }
        }
    }

    package static func softmaxCrossEntropy(
        _ logits: Tensor, labels: [Int], labelSmoothing: Float, into dLogits: Tensor
    ) -> Float {
        let (rows, classes) = (logits.rows, logits.channels)
        let smoothing = Double(labelSmoothing)
        var loss = 0.0
        for row in 0..<rows {
            let source = logits.pointer + row * classes
            let target = dLogits.pointer + row * classes
            var top = -Double.infinity
            for c in 0..<classes { top = max(top, Double(source[c])) }
            var sum = 0.0
            for c in 0..<classes { sum += exp(Double(source[c]) - top) }
            let logSum = top + log(sum)
            for c in 0..<classes {
                let logProbability = Double(source[c]) - logSum
                let wanted = (c == labels[row] ? 1 - smoothing : 0) + smoothing / Double(classes)
                loss -= wanted * logProbability
                target[c] = Float((exp(logProbability) - wanted) / Double(rows))
            }
        }
        return Float(loss / Double(rows))
    }

    package static func sgd(
        _ weights: Tensor, gradient: Tensor, velocity: Tensor, rate: Float, momentum: Float, weightDecay: Float,
        nesterov: Bool
    ) {
        for i in 0..<weights.count {
            let g = gradient.pointer[i] + weightDecay * weights.pointer[i]
            let v = momentum * velocity.pointer[i] + g
            velocity.pointer[i] = v
            weights.pointer[i] -= rate * (nesterov ? g + momentum * v : v)
        }
    }

    package static func adam(
        _ weights: Tensor, gradient: Tensor, first: Tensor, second: Tensor, step: Int, rate: Float, beta1: Float,
        beta2: Float, epsilon: Float, weightDecay: Float, decoupled: Bool
    ) {
        let correction1 = 1 - pow(Double(beta1), Double(step))
        let correction2 = 1 - pow(Double(beta2), Double(step))
        for i in 0..<weights.count {
            var w = Double(weights.pointer[i])
            var g = Double(gradient.pointer[i])
            if decoupled { w *= 1 - Double(rate) * Double(weightDecay) } else { g += Double(weightDecay) * w }
            let m = Double(beta1) * Double(first.pointer[i]) + (1 - Double(beta1)) * g
            let v = Double(beta2) * Double(second.pointer[i]) + (1 - Double(beta2)) * g * g
            first.pointer[i] = Float(m)
            second.pointer[i] = Float(v)
            let deviation = (v / correction2).squareRoot() + Double(epsilon)
            weights.pointer[i] = Float(w - Double(rate) * m / correction1 / deviation)
        }
    }
}
