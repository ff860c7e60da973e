extension Compute {
    /// max(x, 0) of each element; NaN stays NaN. `y` may be `x` itself.
    public func relu(_ x: Tensor, into y: Tensor) {
        require(y, "y", hasCount: x.count)
        Reference.relu(x, into: y)
    }

    /// The gradient of ``relu(_:into:)``: `dy` where the output `y` is positive, else zero. `dx` may be `dy` itself.
    public func reluBackward(_ dy: Tensor, _ y: Tensor, into dx: Tensor) {
        require(y, "y", hasCount: dy.count)
        require(dx, "dx", hasCount: dy.count)
        Reference.reluBackward(dy, y, into: dx)
    }

    /// Sums of the elements of two tensors with as many elements. `c` may be `a` or `b` itself.
    public func add(_ a: Tensor, _ b: Tensor, into c: Tensor) {
        require(b, "b", hasCount: a.count)
        require(c, "c", hasCount: a.count)
        Reference.add(a, b, into: c)
    }

    /// Products of the elements of two tensors with as many elements. `c` may be `a` or `b` itself.
    public func multiply(_ a: Tensor, _ b: Tensor, into c: Tensor) {
        require(b, "b", hasCount: a.count)
        require(c, "c", hasCount: a.count)
        Reference.multiply(a, b, into: c)
    }
}
