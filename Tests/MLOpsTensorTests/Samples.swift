import MLOpsTensor

/// Tensors with repeatable content, and how far apart two are.
enum Samples {
    /// Values between −1 and 1 from a linear congruential generator.
    static func tensor(_ shape: [Int], seed: UInt64 = 1) -> Tensor {
        let tensor = Tensor(shape: shape)
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        for i in 0..<tensor.count {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            tensor.pointer[i] = Float(Int32(truncatingIfNeeded: state >> 32)) / 2_147_483_648
        }
        return tensor
    }

    /// Bytes of any value from the same generator.
    static func bytes(_ shape: [Int], isSigned: Bool, seed: UInt64) -> QuantizedTensor {
        let (numbers, tensor) = (Samples.tensor(shape, seed: seed), QuantizedTensor(shape: shape, isSigned: isSigned))
        for i in 0..<tensor.count { tensor.pointer[i] = UInt8(truncatingIfNeeded: Int(numbers.pointer[i] * 128)) }
        return tensor
    }

    /// A tensor of NaN, so that an element that is not written shows.
    static func unwritten(_ shape: [Int]) -> Tensor {
        let tensor = Tensor(shape: shape)
        tensor.fill(.nan)
        return tensor
    }

    /// A copy.
    static func copy(_ tensor: Tensor) -> Tensor {
        let copy = Tensor(shape: tensor.shape)
        copy.copy(from: tensor)
        return copy
    }

    /// ‖a − b‖ / ‖b‖, or ‖a‖ where b is zero; infinite where a has NaN.
    static func distance(_ a: Tensor, _ b: Tensor) -> Double {
        guard a.count == b.count else { return .infinity }
        var (difference, norm) = (0.0, 0.0)
        for i in 0..<a.count {
            let (x, y) = (Double(a.pointer[i]), Double(b.pointer[i]))
            difference += (x - y) * (x - y)
            norm += y * y
        }
        let relative = (difference / (norm == 0 ? 1 : norm)).squareRoot()
        return relative.isNaN ? .infinity : relative
    }

    /// One compute for each instruction set, with two threads.
    static let computes = InstructionSet.available.map { Compute(threads: 2, instructionSet: $0) }

    /// Σ a·b, a loss whose gradient for a is b.
    static func dot(_ a: Tensor, _ b: Tensor) -> Double {
        var sum = 0.0
        for i in 0..<a.count { sum += Double(a.pointer[i]) * Double(b.pointer[i]) }
        return sum
    }

    /// The derivative of `loss` for one element, by central difference.
    static func slope(_ tensor: Tensor, at index: Int, step: Float = 1e-2, _ loss: () -> Double) -> Double {
        let old = tensor.pointer[index]
        tensor.pointer[index] = old + step
        let upper = loss()
        tensor.pointer[index] = old - step
        let lower = loss()
        tensor.pointer[index] = old
        return (upper - lower) / (2 * Double(step))
    }
}
