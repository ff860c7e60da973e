extension Compute {
    /// Convolves images (the cross-correlation that the field calls so).
    ///
    /// - Parameters:
    ///   - x: `[N, H, W, C]`.
    ///   - weights: `[R, S, C / groups, K]`; the outputs of a group lie side by side.
    ///   - bias: `[K]`, or nil for none.
    ///   - geometry: Kernel size, strides, padding, dilation, groups.
    ///   - y: `[N, P, Q, K]`, where P and Q are ``ConvolutionGeometry/outputSize(height:width:)``.
    public func convolution(
        _ x: Tensor, weights: Tensor, bias: Tensor?, geometry: ConvolutionGeometry, into y: Tensor
    ) {
        requireFit(x: x, weights: weights, y: y, geometry)
        if let bias { require(bias, "bias", hasCount: y.channels) }
        Reference.convolution(x, weights: weights, bias: bias, geometry: geometry, into: y)
    }

    /// The gradient of ``convolution(_:weights:bias:geometry:into:)`` for its input.
    ///
    /// - Parameters:
    ///   - dy: `[N, P, Q, K]`, the gradient for the output.
    ///   - weights: `[R, S, C / groups, K]`.
    ///   - geometry: That of the convolution.
    ///   - dx: `[N, H, W, C]`.
    public func convolutionBackwardData(
        _ dy: Tensor, weights: Tensor, geometry: ConvolutionGeometry, into dx: Tensor
    ) {
        requireFit(x: dx, weights: weights, y: dy, geometry)
        Reference.convolutionBackwardData(dy, weights: weights, geometry: geometry, into: dx)
    }

    /// The gradient of ``convolution(_:weights:bias:geometry:into:)`` for its weights.
    ///
    /// - Parameters:
    ///   - x: `[N, H, W, C]`, the input.
    ///   - dy: `[N, P, Q, K]`, the gradient for the output.
    ///   - geometry: That of the convolution.
    ///   - dw: `[R, S, C / groups, K]`.
    public func convolutionBackwardWeights(
        _ x: Tensor, _ dy: Tensor, geometry: ConvolutionGeometry, into dw: Tensor
    ) {
        requireFit(x: x, weights: dw, y: dy, geometry)
        Reference.convolutionBackwardWeights(x, dy, geometry: geometry, into: dw)
    }

    private func requireFit(x: Tensor, weights: Tensor, y: Tensor, _ geometry: ConvolutionGeometry) {
        require(x, "x", hasRank: 4)
        require(weights, "weights", hasRank: 4)
        let (inputs, outputs) = (x.shape[3], weights.shape[3])
        precondition(
            inputs % geometry.groups == 0 && outputs % geometry.groups == 0,
            "\(inputs) input and \(outputs) output channels can't be cut into \(geometry.groups) groups")
        require(
            weights, "weights", hasShape: [geometry.rows, geometry.columns, inputs / geometry.groups, outputs])
        let size = geometry.outputSize(height: x.shape[1], width: x.shape[2])
        require(y, "y", hasShape: [x.shape[0], size.height, size.width, outputs])
    }
}
