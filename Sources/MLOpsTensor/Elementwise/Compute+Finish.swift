extension Compute {
    /// A function of each element, on vectors. `y` may be `x` itself.
    package func map(_ x: Tensor, _ function: ElementFunction, into y: Tensor) {
        require(y, "y", hasCount: x.count)
        let (block, count) = (Compute.elementwiseBlock, x.count)
        let (from, to) = (UnsafePointer(x.pointer), y.pointer)
        parallel(tasks: (count + block - 1) / block) { task in
            var kernel = FinishKernel(x: from + task * block, y: to + task * block)
            kernel.columns = min(block, count - task * block)
            kernel.set(function)
            instructionSet.run(kernel)
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
        _ x: Tensor, bias: Tensor? = nil, addend: Tensor? = nil, _ function: ElementFunction, into y: Tensor
    ) {
        require(y, "y", hasCount: x.count)
        if let bias { require(bias, "bias", hasCount: x.channels) }
        if let addend { require(addend, "addend", hasCount: x.count) }
        let (rows, channels) = (x.rows, x.channels)
        let block = max(1, Compute.elementwiseBlock / max(channels, 1))
        let (from, to) = (UnsafePointer(x.pointer), y.pointer)
        let (bias, addend) = (bias.map { UnsafePointer($0.pointer) }, addend.map { UnsafePointer($0.pointer) })
        parallel(tasks: (rows + block - 1) / block) { task in
            let offset = task * block * channels
            var kernel = FinishKernel(
                x: from + offset, y: to + offset, bias: bias, addend: addend.map { $0 + offset })
            (kernel.rows, kernel.columns) = (min(block, rows - task * block), channels)
            (kernel.xRow, kernel.yRow, kernel.addendRow) = (channels, channels, channels)
            kernel.set(function)
            instructionSet.run(kernel)
        }
    }
}
