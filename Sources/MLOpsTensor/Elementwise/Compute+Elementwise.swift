extension Compute {
    /// max(x, 0) of each element; NaN stays NaN. `y` may be `x` itself.
    public func relu(_ x: Tensor, into y: Tensor) {
        require(y, "y", hasCount: x.count)
        run(.relu, x, x, into: y)
    }

    /// The gradient of ``relu(_:into:)``: `dy` where the output `y` is positive, else zero. `dx` may be `dy` itself.
    public func reluBackward(_ dy: Tensor, _ y: Tensor, into dx: Tensor) {
        require(y, "y", hasCount: dy.count)
        require(dx, "dx", hasCount: dy.count)
        run(.reluBackward, dy, y, into: dx)
    }

    /// Sums of the elements of two tensors with as many elements. `c` may be `a` or `b` itself.
    public func add(_ a: Tensor, _ b: Tensor, into c: Tensor) {
        require(b, "b", hasCount: a.count)
        require(c, "c", hasCount: a.count)
        run(.add, a, b, into: c)
    }

    /// Products of the elements of two tensors with as many elements. `c` may be `a` or `b` itself.
    public func multiply(_ a: Tensor, _ b: Tensor, into c: Tensor) {
        require(b, "b", hasCount: a.count)
        require(c, "c", hasCount: a.count)
        run(.multiply, a, b, into: c)
    }

    /// Elements of a task.
    static var elementwiseBlock: Int { 1 << 14 }

    private func run(_ operation: ElementwiseKernel.Operation, _ a: Tensor, _ b: Tensor, into c: Tensor) {
        let (count, block) = (c.count, Compute.elementwiseBlock)
        let (a, b, c) = (a.pointer, b.pointer, c.pointer)
        let kernel = ElementwiseKernel(
            operation: operation, a: UnsafePointer(a), b: UnsafePointer(b), c: c, count: count)
        parallel(tasks: (count + block - 1) / block, with: (kernel, instructionSet)) { work, task in
            var part = work.0
            let start = task * Compute.elementwiseBlock
            part.a += start
            part.b += start
            part.c += start
            part.count = min(Compute.elementwiseBlock, part.count - start)
            work.1.run(part)
        }
    }
}
