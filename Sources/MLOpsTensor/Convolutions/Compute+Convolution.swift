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
        guard y.count > 0 else { return }
        let bias = bias.map { UnsafePointer($0.pointer) }
        if let winograd = WinogradConvolution(geometry, x: x.shape, y: y.shape, self) {
            convolve(winograd, x.pointer, filters: weights.pointer, bias: bias, into: y.pointer)
        } else if isPointwise(geometry) {
            packedProduct(
                MatrixView(pointer: x.pointer, stride: x.channels),
                MatrixView(pointer: weights.pointer, stride: y.channels), into: y.pointer, rows: y.rows,
                columns: y.channels, terms: x.channels, accumulating: false)
            if let bias { addBias(bias, y.channels, to: y.pointer, rows: y.rows) }
        } else {
            let direct = DirectConvolution(geometry, x: x.shape, y: y.shape)
            scratch.with(.call, panelCount(direct)) { panels in
                packWeights(direct, weights.pointer, into: panels)
                convolve(direct, x.pointer, panels: panels, bias: bias, into: y.pointer)
            }
        }
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
        guard dx.count > 0, dy.count > 0 else { return dx.fill(0) }
        if isPointwise(geometry) {
            packedProduct(
                MatrixView(pointer: dy.pointer, stride: dy.channels),
                MatrixView(pointer: weights.pointer, stride: dy.channels, transposed: true), into: dx.pointer,
                rows: dx.rows, columns: dx.channels, terms: dy.channels, accumulating: false)
            return
        }
        scratch.with(.partialSums, weights.count) { turned in
            turnWeights(weights, groups: geometry.groups, into: turned)
            if let winograd = WinogradConvolution(backwardDataOf: geometry, dx: dx.shape, dy: dy.shape, self) {
                convolve(winograd, dy.pointer, filters: turned, bias: nil, into: dx.pointer)
            } else {
                let direct = DirectConvolution(backwardDataOf: geometry, dx: dx.shape, dy: dy.shape)
                scratch.with(.call, panelCount(direct)) { panels in
                    packWeights(direct, turned, into: panels)
                    convolve(direct, dy.pointer, panels: panels, bias: nil, into: dx.pointer)
                }
            }
        }
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
        guard x.count > 0, dy.count > 0 else { return dw.fill(0) }
        if let winograd = WinogradConvolution(geometry, x: x.shape, y: dy.shape, self) {
            convolveBackwardFilters(winograd, x.pointer, dy.pointer, into: dw.pointer)
        } else {
            convolveBackwardWeights(
                DirectConvolution(geometry, x: x.shape, y: dy.shape), x.pointer, dy.pointer, into: dw.pointer)
        }
    }

    /// Whether each output pixel depends on one input pixel at the same place: a plain matrix product.
    private func isPointwise(_ geometry: ConvolutionGeometry) -> Bool {
        geometry == ConvolutionGeometry(kernel: 1)
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
