extension Compute {
    /// Turns numbers into 8-bit integers: x / scale, rounded half to even, plus the zero point, cut to the type's range.
    ///
    /// - Parameters:
    ///   - x: Of any shape.
    ///   - y: As many elements; NaN gives any.
    package func quantize(_ x: Tensor, _ quantization: Quantization, into y: QuantizedTensor) {
        require(x, "x", hasCount: y.count)
        var kernel = QuantizingKernel(
            operation: .quantize, floats: x.pointer, a: y.pointer, b: y.pointer, bytes: y.pointer)
        kernel.set(y, quantization)
        run(kernel, count: y.count)
    }

    /// Turns 8-bit integers into the numbers that they stand for.
    ///
    /// - Parameters:
    ///   - x: Of any shape.
    ///   - y: As many elements.
    package func dequantize(_ x: QuantizedTensor, _ quantization: Quantization, into y: Tensor) {
        require(y, "y", hasCount: x.count)
        var kernel = QuantizingKernel(
            operation: .dequantize, floats: y.pointer, a: x.pointer, b: x.pointer, bytes: x.pointer)
        (kernel.flipA, kernel.zeroA, kernel.scaleA) = kernel.factor(x, quantization)
        run(kernel, count: x.count)
    }

    /// Adds the numbers that two tensors stand for, and turns the sums into 8-bit integers; if asked to, with zero for
    /// those below it.
    package func add(
        _ a: QuantizedTensor, _ aQuantization: Quantization, _ b: QuantizedTensor, _ bQuantization: Quantization,
        relu: Bool = false, into y: QuantizedTensor, _ quantization: Quantization
    ) {
        precondition(a.count == y.count && b.count == y.count, "\(a.shape) and \(b.shape) do not add up to \(y.shape)")
        guard y.count > 0 else { return }
        // No floats are touched.
        let none = UnsafeMutableRawPointer(y.pointer).assumingMemoryBound(to: Float.self)
        var kernel = QuantizingKernel(operation: .add, floats: none, a: a.pointer, b: b.pointer, bytes: y.pointer)
        (kernel.flipA, kernel.zeroA, kernel.scaleA) = kernel.factor(a, aQuantization)
        (kernel.flipB, kernel.zeroB, kernel.scaleB) = kernel.factor(b, bQuantization)
        kernel.set(y, quantization)
        if relu { kernel.lowest = max(0, kernel.lowest) }
        run(kernel, count: y.count)
    }

    private func run(_ kernel: QuantizingKernel, count: Int) {
        let block = 1 << 15
        parallel(tasks: (count + block - 1) / block) { task in
            var part = kernel
            part.floats += task * block
            part.a += task * block
            part.b += task * block
            part.bytes += task * block
            part.count = min(block, count - task * block)
            instructionSet.run(part)
        }
    }
}

extension QuantizingKernel {
    /// How the bytes of a factor are read.
    fileprivate func factor(_ x: QuantizedTensor, _ quantization: Quantization) -> (
        flip: Int32, zero: Int32, scale: Float
    ) {
        x.isSigned
            ? (0x80, Int32(quantization.zeroPoint + 128), quantization.scale)
            : (0, Int32(quantization.zeroPoint), quantization.scale)
    }

    /// What is written.
    fileprivate mutating func set(_ y: QuantizedTensor, _ quantization: Quantization) {
        (scale, zeroPoint) = (quantization.scale, Int32(quantization.zeroPoint))
        lowest = Float(y.lowest - quantization.zeroPoint)
        highest = Float(y.highest - quantization.zeroPoint)
    }
}
