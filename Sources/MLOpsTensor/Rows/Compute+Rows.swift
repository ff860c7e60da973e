extension Compute {
    /// The softmax of each row, on vectors: e^(x − greatest) over their sum.
    ///
    /// - Parameters:
    ///   - x: `[…, C]`.
    ///   - y: as many elements; may be `x` itself.
    package func softmaxRows(_ x: Tensor, into y: Tensor) {
        require(y, "y", hasCount: x.count)
        runRows(x, y, .softmax) { _ in }
    }

    /// Each row less its mean, over its deviation, scaled and shifted (Ba et al., "Layer normalization", 2016).
    ///
    /// - Parameters:
    ///   - x: `[…, C]`.
    ///   - scale: `[C]`.
    ///   - shift: `[C]`; `nil` for none.
    ///   - epsilon: what is added to the variance.
    ///   - y: as many elements as `x`; may be `x` itself.
    package func layerNorm(_ x: Tensor, scale: Tensor, shift: Tensor?, epsilon: Float, into y: Tensor) {
        normalizeRows(x, .layerNormalization, scale: scale, shift: shift, epsilon: epsilon, into: y)
    }

    /// Each row over the root of the mean of its squares, scaled (Zhang and Sennrich, NeurIPS 2019).
    package func rootMeanSquareNorm(_ x: Tensor, scale: Tensor, epsilon: Float, into y: Tensor) {
        normalizeRows(x, .rootMeanSquare, scale: scale, shift: nil, epsilon: epsilon, into: y)
    }

    private func normalizeRows(
        _ x: Tensor, _ operation: RowKernel.Operation, scale: Tensor, shift: Tensor?, epsilon: Float,
        into y: Tensor
    ) {
        require(y, "y", hasCount: x.count)
        require(scale, "scale", hasCount: x.channels)
        if let shift { require(shift, "shift", hasCount: x.channels) }
        runRows(x, y, operation) { kernel in
            kernel.number = epsilon
            kernel.weight = UnsafePointer(scale.pointer)
            kernel.shift = shift.map { UnsafePointer($0.pointer) }
        }
    }

    private func runRows(
        _ x: Tensor, _ y: Tensor, _ operation: RowKernel.Operation, _ prepare: (inout RowKernel) -> Void
    ) {
        let (rows, columns) = (x.rows, x.channels)
        guard columns > 0 else { return }
        let block = max(1, Compute.elementwiseBlock / columns)
        // Each task has room of its own for a vector.
        var whole = RowKernel(
            operation: operation, x: UnsafePointer(x.pointer), y: y.pointer, lanes: y.pointer)
        (whole.rows, whole.columns, whole.xRow, whole.yRow) = (rows, columns, columns, columns)
        prepare(&whole)
        parallel(tasks: (rows + block - 1) / block, with: (self, whole, block)) { work, task in
            let (compute, whole, block) = work
            compute.scratch.with(.task, 16) { lanes in
                var kernel = whole
                kernel.lanes = lanes
                kernel.x += task * block * whole.xRow
                kernel.y += task * block * whole.yRow
                kernel.rows = min(block, whole.rows - task * block)
                compute.instructionSet.run(kernel)
            }
        }
    }
}
