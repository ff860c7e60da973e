extension Compute {
    /// Prepares the gradient for the input of batch normalization followed by a clipping: sums it for each channel, and
    /// fills the factors with which readers compute its elements.
    ///
    /// - Parameters:
    ///   - gradient: `dy`, `z` and the activation as they are; `factor`, `slope` and `summand` are filled.
    ///   - scale: `[C]`, γ.
    ///   - mean: `[C]`, of the batch.
    ///   - inverseDeviation: `[C]`, 1 / √(variance + ε) of the batch.
    ///   - dScale: `[C]`, receives the gradient for γ.
    ///   - dOffset: `[C]`, receives the gradient for β.
    package func prepare(
        _ gradient: NormalizedGradient, scale: Tensor, mean: Tensor, inverseDeviation: Tensor, dScale: Tensor,
        dOffset: Tensor
    ) {
        gradient.requireFit()
        for tensor in [scale, mean, inverseDeviation, dScale, dOffset] {
            require(tensor, "a number for each channel", hasCount: gradient.z.channels)
        }
        let layout = ChannelRows(gradient.z)
        let (rows, channels) = (Double(layout.rows), layout.channels)
        scratch.with(.partialSums, 2 * layout.blocks * channels) { sums in
            runGradient(gradient, layout) { block, _ in
                let first = sums + 2 * block * channels
                return .sums(first, first + channels, mean: UnsafePointer(mean.pointer))
            }
            layout.addSums(sums) { c, sum, product in
                let inverse = Double(inverseDeviation.pointer[c])
                let factor = Double(scale.pointer[c]) * inverse
                let slope = 0 - factor * inverse * inverse * product / rows
                dOffset.pointer[c] = Float(sum)
                dScale.pointer[c] = Float(product * inverse)
                gradient.factor.pointer[c] = Float(factor)
                gradient.slope.pointer[c] = Float(slope)
                gradient.summand.pointer[c] = Float(0 - factor * sum / rows - slope * Double(mean.pointer[c]))
            }
        }
    }

    /// Writes a prepared gradient into its `dy`.
    func resolve(_ gradient: NormalizedGradient) {
        let target = gradient.dy.pointer
        runGradient(gradient, ChannelRows(gradient.z)) { _, offset in .values(target + offset) }
    }

    private func runGradient(
        _ gradient: NormalizedGradient, _ layout: ChannelRows,
        _ operation: (_ block: Int, _ offset: Int) -> NormalizedGradientKernel.Operation
    ) {
        let pixels = NormalizedGradientPixels(gradient)
        parallel(tasks: layout.blocks) { block in
            let offset = block * layout.blockRows * layout.channels
            var kernel = NormalizedGradientKernel(
                operation: operation(block, offset), pixels: pixels, clipping: gradient.clipping)
            kernel.pixels.dy += offset
            kernel.pixels.z += offset
            (kernel.rows, kernel.channels) = (layout.count(ofBlock: block), layout.channels)
            instructionSet.run(kernel)
        }
    }
}
