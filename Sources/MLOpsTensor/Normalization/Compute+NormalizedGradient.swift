extension Compute {
    /// Prepares the gradient for the input of batch normalization followed by a clipping: sums it for each channel, and
    /// fills the factors with which readers compute its elements.
    ///
    /// - Parameters:
    ///   - gradient: `dy` (which is written first where the result was pooled), `z` and the activation as they are;
    ///     `factor`, `slope` and `summand` are filled.
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
        let rows = Double(gradient.z.rows)
        withSums(of: gradient, mean: mean) { layout, sums in
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
        run(blocks(of: gradient, .values(gradient.dy.pointer)))
    }

    /// Gives the sums of each block of rows, `[blocks][2][C]`, taken before or now.
    private func withSums(
        of gradient: NormalizedGradient, mean: Tensor, _ body: (ChannelRows, UnsafePointer<Float>) -> Void
    ) {
        let layout = ChannelRows(gradient.z)
        if let sums = gradient.sums, sums.areTaken {
            precondition(gradient.pooled == nil, "Sums were taken of a gradient that is still to be written")
            return body(layout, sums.values.pointer)
        }
        let windows = gradient.pooled.flatMap { windowRows(of: $0, into: gradient.dy, by: layout) }
        scratch.with(.partialSums, 2 * layout.blocks * layout.channels) { sums in
            let operation = NormalizedGradientKernel.Operation.sums(
                sums, sums + layout.channels, mean: UnsafePointer(mean.pointer))
            run(blocks(of: gradient, operation, after: windows))
            body(layout, sums)
        }
    }

    /// The rows of windows that blocks of rows are made of; where blocks cut through them, writes all and gives nil.
    private func windowRows(
        of pooled: PooledGradient, into dy: Tensor, by layout: ChannelRows
    ) -> PooledGradientRows? {
        requireFit(pooled, dy)
        if let windows = pooled.rows(of: dy), layout.blockRows % windows.pixels == 0 { return windows }
        maxPoolBackward(pooled.dy, indices: pooled.indices, geometry: pooled.geometry, into: dy)
        return nil
    }

    private func blocks(
        of gradient: NormalizedGradient, _ operation: NormalizedGradientKernel.Operation,
        after windows: PooledGradientRows? = nil
    ) -> NormalizedGradientBlocks {
        NormalizedGradientBlocks(
            NormalizedGradientKernel(
                operation: operation, pixels: NormalizedGradientPixels(gradient), clipping: gradient.clipping),
            ChannelRows(gradient.z), after: windows)
    }

    private func run(_ blocks: NormalizedGradientBlocks) {
        parallel(tasks: blocks.count, with: (blocks, instructionSet)) { work, block in work.0.run(block, work.1) }
    }
}
