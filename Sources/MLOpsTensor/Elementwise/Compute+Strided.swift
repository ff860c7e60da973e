extension Compute {
    /// An operation on pairs of elements of tensors of one shape, wherever they lie; axes may repeat (stride 0).
    ///
    /// - Parameters:
    ///   - axes: with the strides of `a`, `b` and `c`; along the last axis those of `c` are 1, and those of `a` and
    ///     `b` 0 or 1.
    ///   - c: written as a whole; may be `a` or `b` where it lies the same.
    package func combine(
        _ operation: PairOperation, _ axes: StridedAxes, _ a: UnsafePointer<Float>,
        _ b: UnsafePointer<Float>,
        into c: UnsafeMutablePointer<Float>
    ) {
        let last = axes.extents.count - 1
        guard last >= 0 else { return combineRow(operation, axes, a, b, c, 1, 0..<1) }
        guard axes.count > 0 else { return }
        if last == 0 {
            let (count, block) = (axes.extents[0], Compute.elementwiseBlock)
            let work = (self, operation, axes, a, b, c)
            return parallel(tasks: (count + block - 1) / block, with: work) { work, task in
                let (compute, operation, axes, a, b, c) = work
                let start = task * Compute.elementwiseBlock
                compute.combineRow(
                    operation, axes, a + start * axes.strides[0][0], b + start * axes.strides[1][0],
                    c + start,
                    min(Compute.elementwiseBlock, axes.extents[0] - start), 0..<1)
            }
        }
        // Rows of the last axis, of which those along the axis before it go in one call.
        let (columns, rows) = (axes.extents[last], axes.extents[last - 1])
        let rowsOfTask = min(rows, max(1, Compute.elementwiseBlock / columns))
        let parts = (rows + rowsOfTask - 1) / rowsOfTask
        let work = (self, operation, axes, a, b, c, rowsOfTask)
        parallel(tasks: axes.count / (rows * columns) * parts, with: work) { work, task in
            let (compute, operation, axes, a, b, c, rowsOfTask) = work
            let last = axes.extents.count - 1
            let (columns, rows) = (axes.extents[last], axes.extents[last - 1])
            let parts = (rows + rowsOfTask - 1) / rowsOfTask
            let (outer, first) = (task / parts, task % parts * rowsOfTask)
            compute.combineRow(
                operation, axes, a + axes.offset(outer, axes: last - 1, in: 0),
                b + axes.offset(outer, axes: last - 1, in: 1),
                c + axes.offset(outer, axes: last - 1, in: 2), columns,
                first..<min(first + rowsOfTask, rows))
        }
    }

    private func combineRow(
        _ operation: PairOperation, _ axes: StridedAxes, _ a: UnsafePointer<Float>,
        _ b: UnsafePointer<Float>,
        _ c: UnsafeMutablePointer<Float>, _ columns: Int, _ rows: Range<Int>
    ) {
        let last = axes.extents.count - 1
        func row(_ tensor: Int) -> Int { last > 0 ? axes.strides[tensor][last - 1] : 0 }
        var kernel = PairKernel(
            operation: operation, a: a + rows.lowerBound * row(0), b: b + rows.lowerBound * row(1),
            c: c + rows.lowerBound * row(2))
        (kernel.rows, kernel.columns) = (rows.count, columns)
        (kernel.aRow, kernel.bRow, kernel.cRow) = (row(0), row(1), row(2))
        kernel.aIsOne = last < 0 || axes.strides[0][last] == 0
        kernel.bIsOne = last < 0 || axes.strides[1][last] == 0
        instructionSet.run(kernel)
    }

    /// Copies elements from where they lie to where they are to lie.
    package func copy(
        _ plan: StridedCopy, _ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>
    ) {
        guard plan.width > 0, plan.height > 0 else { return }
        let rowsOfTask = min(plan.height, max(16, Compute.elementwiseBlock / plan.width / 16 * 16))
        let parts = (plan.height + rowsOfTask - 1) / rowsOfTask
        let work = (plan, source, target, rowsOfTask, parts)
        parallel(tasks: plan.outerCount * parts, with: work) { work, task in
            let (plan, _, _, rowsOfTask, parts) = work
            var (rest, source, target) = (task / parts, work.1, work.2)
            var index = plan.outer.count
            while index > 0 {
                index -= 1
                let axis = plan.outer[index]
                source += rest % axis.extent * axis.from
                target += rest % axis.extent * axis.to
                rest /= axis.extent
            }
            let first = task % parts * rowsOfTask
            let end = min(first + rowsOfTask, plan.height)
            if plan.fast.from == 1, plan.fast.to == 1 {
                for row in first..<end {
                    (target + row * plan.slow.to).update(
                        from: source + row * plan.slow.from, count: plan.width)
                }
                return
            }
            for top in stride(from: first, to: end, by: 16) {
                for left in stride(from: 0, to: plan.width, by: 16) {
                    for column in left..<min(left + 16, plan.width) {
                        let (from, to) = (source + column * plan.fast.from, target + column * plan.fast.to)
                        for row in top..<min(top + 16, end) {
                            to[row * plan.slow.to] = from[row * plan.slow.from]
                        }
                    }
                }
            }
        }
    }
}
