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
            runGradient(gradient, .sums(sums, sums + channels, mean: UnsafePointer(mean.pointer)))
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
        runGradient(gradient, .values(gradient.dy.pointer))
    }

    /// Runs a kernel on each block of rows; `operation` is that of the first block.
    private func runGradient(_ gradient: NormalizedGradient, _ operation: NormalizedGradientKernel.Operation) {
        let layout = ChannelRows(gradient.z)
        var kernel = NormalizedGradientKernel(
            operation: operation, pixels: NormalizedGradientPixels(gradient), clipping: gradient.clipping)
        kernel.channels = layout.channels
        parallel(tasks: layout.blocks, with: (kernel, layout, instructionSet)) { work, block in
            var (kernel, layout, set) = work
            let offset = block * layout.blockRows * layout.channels
            kernel.pixels.dy += offset
            kernel.pixels.z += offset
            kernel.rows = layout.count(ofBlock: block)
            switch kernel.operation {
            case .values(let target): kernel.operation = .values(target + offset)
            case .sums(let first, let second, let mean):
                let sums = 2 * block * layout.channels
                kernel.operation = .sums(first + sums, second + sums, mean: mean)
            }
            set.run(kernel)
        }
    }
}
