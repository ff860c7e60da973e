extension Compute {
    /// The maximum of each window and channel; the first of equal ones wins, and NaN spreads.
    ///
    /// - Parameters:
    ///   - x: `[N, H, W, C]`, H·W below 2³¹.
    ///   - geometry: Window size, strides, padding.
    ///   - y: `[N, P, Q, C]`, where P and Q are ``PoolingGeometry/outputSize(height:width:)``.
    ///   - indices: Receives where each maximum came from, for the backward pass; nil at inference.
    public func maxPool(_ x: Tensor, geometry: PoolingGeometry, into y: Tensor, indices: PoolingIndices? = nil) {
        requireFit(x, y, geometry)
        if let indices { requireFit(indices, y, pixels: x.shape[1] * x.shape[2]) }
        Reference.maxPool(x, geometry: geometry, into: y, indices: indices)
    }

    /// The gradient of ``maxPool(_:geometry:into:indices:)``: each `dy` goes to where its maximum came from.
    ///
    /// - Parameters:
    ///   - dy: `[N, P, Q, C]`.
    ///   - indices: As the forward pass gave them.
    ///   - dx: `[N, H, W, C]`.
    public func maxPoolBackward(_ dy: Tensor, indices: PoolingIndices, into dx: Tensor) {
        require(dy, "dy", hasRank: 4)
        require(dx, "dx", hasRank: 4)
        require(dx, "dx", hasShape: [dy.shape[0], dx.shape[1], dx.shape[2], dy.shape[3]])
        requireFit(indices, dy, pixels: dx.shape[1] * dx.shape[2])
        Reference.maxPoolBackward(dy, indices: indices, into: dx)
    }

    /// The mean of each window and channel.
    ///
    /// - Parameters:
    ///   - x: `[N, H, W, C]`.
    ///   - geometry: Window size, strides, padding.
    ///   - countingPadding: Whether padding counts as zeros, or is left out of the mean.
    ///   - y: `[N, P, Q, C]`.
    public func averagePool(_ x: Tensor, geometry: PoolingGeometry, countingPadding: Bool = false, into y: Tensor) {
        requireFit(x, y, geometry)
        Reference.averagePool(x, geometry: geometry, countingPadding: countingPadding, into: y)
    }

    /// The mean of each image and channel.
    ///
    /// - Parameters:
    ///   - x: `[N, H, W, C]`, at least one pixel.
    ///   - y: `[N, C]`.
    public func globalAveragePool(_ x: Tensor, into y: Tensor) {
        require(x, "x", hasRank: 4)
        require(y, "y", hasShape: [x.shape[0], x.shape[3]])
        precondition(x.shape[1] * x.shape[2] > 0, "An image of shape \(x.shape) has no mean")
        Reference.globalAveragePool(x, into: y)
    }

    /// The gradient of ``globalAveragePool(_:into:)``: each pixel gets its share of `dy`.
    ///
    /// - Parameters:
    ///   - dy: `[N, C]`.
    ///   - dx: `[N, H, W, C]`.
    public func globalAveragePoolBackward(_ dy: Tensor, into dx: Tensor) {
        require(dx, "dx", hasRank: 4)
        require(dy, "dy", hasShape: [dx.shape[0], dx.shape[3]])
        Reference.globalAveragePoolBackward(dy, into: dx)
    }

    private func requireFit(_ x: Tensor, _ y: Tensor, _ geometry: PoolingGeometry) {
        require(x, "x", hasRank: 4)
        let size = geometry.outputSize(height: x.shape[1], width: x.shape[2])
        require(y, "y", hasShape: [x.shape[0], size.height, size.width, x.shape[3]])
    }

    private func requireFit(_ indices: PoolingIndices, _ y: Tensor, pixels: Int) {
        precondition(indices.count == y.count, "There are \(indices.count) indices for \(y.count) outputs")
        precondition(pixels <= Int(Int32.max), "An image of \(pixels) pixels is too large for 32-bit indices")
    }
}
