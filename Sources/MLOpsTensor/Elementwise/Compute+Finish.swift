extension Compute {
    /// A function of each element, on vectors. `y` may be `x` itself.
    package func map(_ x: Tensor, _ function: ElementFunction, into y: Tensor) {
        require(y, "y", hasCount: x.count)
        let (block, count) = (Compute.elementwiseBlock, x.count)
        let (from, to) = (UnsafePointer(x.pointer), y.pointer)
        var whole = FinishKernel(x: from, y: to)
        whole.set(function)
        parallel(tasks: (count + block - 1) / block, with: (whole, count, instructionSet)) {
            work, task in
            let (whole, count, set) = work
            var (kernel, block) = (whole, Compute.elementwiseBlock)
            kernel.x += task * block
            kernel.y += task * block
            kernel.columns = min(block, count - task * block)
            set.run(kernel)
        }
    }

    /// f(x + bias + addend) for rows of channels.
    ///
    /// - Parameters:
    ///   - x: `[…, C]`.
    ///   - bias: `[C]`; `nil` for none.
    ///   - addend: as many elements as `x`; `nil` for none.
    ///   - y: as many elements as `x`; may be `x` or `addend` itself.
    package func finish(
        _ x: Tensor, bias: Tensor? = nil, addend: Tensor? = nil, _ function: ElementFunction,
        into y: Tensor
    ) {
        require(y, "y", hasCount: x.count)
        if let bias { require(bias, "bias", hasCount: x.channels) }
        if let addend { require(addend, "addend", hasCount: x.count) }
        let (rows, channels) = (x.rows, x.channels)
        let block = max(1, Compute.elementwiseBlock / max(channels, 1))
        let (from, to) = (UnsafePointer(x.pointer), y.pointer)
        let (bias, addend) = (
            bias.map { UnsafePointer($0.pointer) }, addend.map { UnsafePointer($0.pointer) }
        )
        var whole = FinishKernel(x: from, y: to, bias: bias, addend: addend)
        (whole.columns, whole.xRow, whole.yRow, whole.addendRow) = (
            channels, channels, channels, channels
        )
        whole.set(function)
        parallel(tasks: (rows + block - 1) / block, with: (self, whole, rows, block)) { work, task in
            let (compute, whole, rows, block) = work
            compute.run(whole, task * block..<min(rows, (task + 1) * block), columns: 0..<whole.columns)
        }
    }
}
