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
        convolution(x, activation: nil, weights: weights, bias: bias, geometry: geometry, into: y, moments: nil)
    }

    /// Convolves images, does on the way in what is left to be done to their channels, and takes the moments of the
    /// result on the way out.
    ///
    /// - Parameters:
    ///   - activation: What is done to `x`; nil for nothing.
    ///   - packed: Keeps the weights as kernels read them, for the next call with the same weights; nil for one call.
    ///   - addend: What is added to the result, as many elements as `y`; nil for nothing.
    ///   - function: What becomes of each element, after bias and addend.
    ///   - moments: Receives those of the convolution with its bias; nil when nobody needs them.
    package func convolution(
        _ x: Tensor, activation: ChannelActivation?, weights: Tensor, bias: Tensor? = nil,
        packed: PackedWeights? = nil, geometry: ConvolutionGeometry, addend: Tensor? = nil,
        function: ElementFunction = .identity, into y: Tensor, moments: ChannelMoments?
    ) {
        requireFit(x: x, weights: weights.shape, y: y, geometry)
        if let bias { require(bias, "bias", hasCount: y.channels) }
        activation?.requireFit(x)
        moments?.requireFit(y)
        if let addend { require(addend, "addend", hasCount: y.count) }
        guard y.count > 0 else { return }
        let finish = ConvolutionFinish(y.pointer, channels: y.channels, addend: addend, function)
        let bias = bias.map { UnsafePointer($0.pointer) }
        let source = PixelSource(x, activation)
        if isPointwise(geometry), activation == nil, moments == nil, packed == nil {
            packedProduct(
                MatrixView(pointer: x.pointer, stride: x.channels),
                MatrixView(pointer: weights.pointer, stride: y.channels), into: y.pointer,
                rows: y.rows, columns: y.channels, terms: x.channels, accumulating: false)
            if let finish = finish(bias) {
                parallel(tasks: (y.rows + 63) / 64, with: (self, finish, y.rows)) { work, task in
                    let (compute, finish, rows) = work
                    compute.run(finish, task * 64..<min(rows, task * 64 + 64), columns: 0..<finish.xRow)
                }
            }
        } else if let fitting = WinogradConvolution(geometry, x: x.shape, y: y.shape, self),
            let winograd = packed == nil ? fitting.isWorthwhile ? fitting : nil : fitting.best
        {
            takingMoments(y, parts: winograd.parts, rows: { winograd.outputRows(ofPart: $0) }, moments) { partial in
                convolve(
                    winograd, source, filters: weights.pointer, packed: packed, bias: bias, finish: finish,
                    into: y.pointer, moments: partial)
            }
        } else {
            let direct = DirectConvolution(geometry, x: x.shape, y: y.shape)
            let layout = PackedWeights.Layout.panels(vectorWidth: instructionSet.vectorWidth)
            withWeights(
                packed, layout, count: panelCount(direct), { packWeights(direct, weights.pointer, into: $0) }
            ) { panels in
                let parts = direct.images * direct.bands
                takingMoments(y, parts: parts, rows: { direct.outputRows(ofTask: $0) }, moments) { partial in
                    convolve(
                        direct, source, panels: panels, bias: bias, finish: finish, into: y.pointer, moments: partial)
                }
            }
        }
    }

    /// Convolves images with weights that are constants: f(convolution + bias + addend).
    ///
    /// - Parameters: as for the convolution with weights in a tensor.
    package func convolution(
        _ x: Tensor, filters: PackedFilters, bias: Tensor?, geometry: ConvolutionGeometry, addend: Tensor?,
        function: ElementFunction, into y: Tensor
    ) {
        requireFit(x: x, weights: filters.shape, y: y, geometry)
        if let bias { require(bias, "bias", hasCount: y.channels) }
        if let addend { require(addend, "addend", hasCount: y.count) }
        precondition(geometry.groups == filters.groups, "\(filters.groups) groups are not those of \(geometry)")
        guard y.count > 0 else { return }
        if isPointwise(geometry), x.channels > 0, let matrix = filters.matrix(self) {
            return product(x, matrix, bias: bias, addend: addend, function, into: y)
        }
        let finish = ConvolutionFinish(y.pointer, channels: y.channels, addend: addend, function)
        let bias = bias.map { UnsafePointer($0.pointer) }
        let winograd = WinogradConvolution(geometry, x: x.shape, y: y.shape, self)
        let last = winograd ?? WinogradConvolution(geometry, x: x.shape, y: y.shape, isOnlyWay: true, self)
        filters.with(last, wanting: winograd?.best?.size, self) { winograd, points in
            convolve(winograd, .plain(x.pointer), points: points, bias: bias, finish: finish, into: y.pointer)
        } panels: { panels in
            convolve(
                DirectConvolution(geometry, x: x.shape, y: y.shape), .plain(x.pointer), panels: panels, bias: bias,
                finish: finish, into: y.pointer)
        }
    }

    /// Convolves images with weights that are constants, and keeps the maximum of each window of 2 × 2 pixels:
    /// max f(convolution + bias).
    ///
    /// - Parameters: as for the convolution, but for
    ///   - shape: `[N, P, Q, K]`, the shape of the convolution; P and Q are even.
    ///   - y: `[N, P / 2, Q / 2, K]`.
    package func pooledConvolution(
        _ x: Tensor, filters: PackedFilters, bias: Tensor?, geometry: ConvolutionGeometry, shape: [Int],
        function: ElementFunction, into y: Tensor
    ) {
        requireFit(x: x, weights: filters.shape, y: shape, geometry)
        precondition(shape[1] % 2 == 0 && shape[2] % 2 == 0, "\(shape) can't be cut into windows of 2 × 2")
        require(y, "y", hasShape: SIMD4(shape[0], shape[1] / 2, shape[2] / 2, shape[3]))
        if let bias { require(bias, "bias", hasCount: y.channels) }
        precondition(geometry.groups == filters.groups, "\(filters.groups) groups are not those of \(geometry)")
        guard y.count > 0 else { return }
        let bias = bias.map { UnsafePointer($0.pointer) }
        let winograd = WinogradConvolution(geometry, x: x.shape, y: shape, self)
        let last = winograd ?? WinogradConvolution(geometry, x: x.shape, y: shape, isOnlyWay: true, self)
        filters.with(last, wanting: winograd?.best?.size, self) { winograd, points in
            let finish = ConvolutionFinish(y.pointer, channels: y.channels, addend: nil, function)
            if finish.isBiasAndBounds {
                return convolve(
                    winograd, .plain(x.pointer), points: points, bias: bias, finish: finish, pools: true,
                    into: y.pointer)
            }
            pool(shape, function, into: y) {
                convolve(winograd, .plain(x.pointer), points: points, bias: bias, finish: $1, into: $0)
            }
        } panels: { panels in
            pool(shape, function, into: y) {
                convolve(
                    DirectConvolution(geometry, x: x.shape, y: shape), .plain(x.pointer), panels: panels, bias: bias,
                    finish: $1, into: $0)
            }
        }
    }

    /// The maxima of windows of 2 × 2 of what is written to scratch memory.
    private func pool(
        _ shape: [Int], _ function: ElementFunction, into y: Tensor,
        of write: (UnsafeMutablePointer<Float>, ConvolutionFinish) -> Void
    ) {
        scratch.with(.call, 4 * y.count) { z in
            write(z, ConvolutionFinish(z, channels: y.channels, addend: nil, function))
            maxPool(.plain(z), shape: shape, geometry: PoolingGeometry(window: 2), into: y, indices: nil)
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
        requireFit(x: dx, weights: weights.shape, y: dy, geometry)
        guard dx.count > 0, dy.count > 0 else { return dx.fill(0) }
        if isPointwise(geometry) {
            packedProduct(
                MatrixView(pointer: dy.pointer, stride: dy.channels),
                MatrixView(pointer: weights.pointer, stride: dy.channels, transposed: true), into: dx.pointer,
                rows: dx.rows, columns: dx.channels, terms: dy.channels, accumulating: false)
            return
        }
        scratch.with(.call, weights.count) { exchanged in
            if let winograd = WinogradConvolution(geometry, x: dx.shape, y: dy.shape, self) {
                exchangeChannels(weights, groups: 1, turning: false, into: exchanged)
                convolveBackward(
                    winograd, WinogradBackward(dy: .plain(dy.pointer), exchanged: exchanged, dx: dx.pointer))
            } else {
                exchangeChannels(weights, groups: geometry.groups, turning: true, into: exchanged)
                let direct = DirectConvolution(backwardDataOf: geometry, dx: dx.shape, dy: dy.shape)
                scratch.with(.call, panelCount(direct)) { panels in
                    packWeights(direct, exchanged, into: panels)
                    convolve(direct, .plain(dy.pointer), panels: panels, bias: nil, into: dx.pointer)
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
        requireFit(x: x, weights: dw.shape, y: dy, geometry)
        guard x.count > 0, dy.count > 0 else { return dw.fill(0) }
        let (source, gradient) = (PixelSource.plain(x.pointer), PixelSource.plain(dy.pointer))
        if let winograd = WinogradConvolution(geometry, x: x.shape, y: dy.shape, self) {
            convolveBackward(winograd, WinogradBackward(dy: gradient, x: source, dw: dw.pointer))
        } else {
            convolveBackwardWeights(
                DirectConvolution(geometry, x: x.shape, y: dy.shape), source, gradient, into: dw.pointer)
        }
    }

    /// Both gradients of a convolution that batch normalization and a clipping follow.
    ///
    /// - Parameters:
    ///   - gradient: `[N, P, Q, K]`, prepared; its `dy` is overwritten.
    ///   - x: `[N, H, W, C]`.
    ///   - activation: What the forward pass did to `x`; nil for nothing.
    ///   - weights: `[R, S, C / groups, K]`.
    ///   - dw: `[R, S, C / groups, K]`.
    ///   - dx: `[N, H, W, C]`, the gradient for what the activation of `x` gave; nil when nobody needs it.
    ///   - sums: Those of `dx`, taken if it is written in an order that allows it; nil when nobody needs them.
    package func convolutionBackward(
        _ gradient: NormalizedGradient, x: Tensor, activation: ChannelActivation?, weights: Tensor,
        geometry: ConvolutionGeometry, into dw: Tensor, dx: Tensor?, sums: GradientSums? = nil
    ) {
        requireFit(x: x, weights: weights.shape, y: gradient.z, geometry)
        requireFit(x: dx ?? x, weights: dw.shape, y: gradient.dy, geometry)
        gradient.requireFit()
        activation?.requireFit(x)
        let dy = gradient.dy
        guard x.count > 0, dy.count > 0 else {
            dx?.fill(0)
            return dw.fill(0)
        }
        let winograd = WinogradConvolution(geometry, x: x.shape, y: dy.shape, self)
        // Written down once, unless one reader alone can compute it as it reads.
        let isResolved = gradient.clipping != .relu || (winograd == nil && dx != nil)
        if isResolved { resolve(gradient) }
        let source = isResolved ? PixelSource.plain(dy.pointer) : PixelSource(gradient)
        guard let winograd else {
            convolveBackwardWeights(
                DirectConvolution(geometry, x: x.shape, y: dy.shape), PixelSource(x, activation), source,
                into: dw.pointer)
            if let dx { convolutionBackwardData(dy, weights: weights, geometry: geometry, into: dx) }
            return
        }
        var blocks: NormalizedGradientBlocks?
        if let dx, let activation { blocks = sums?.blocks(of: dx, z: x, activation) }
        scratch.with(.call, weights.count) { exchanged in
            if dx != nil { exchangeChannels(weights, groups: 1, turning: false, into: exchanged) }
            convolveBackward(
                winograd,
                WinogradBackward(
                    dy: source, x: PixelSource(x, activation),
                    exchanged: dx == nil ? nil : UnsafePointer(exchanged), dw: dw.pointer, dx: dx?.pointer,
                    gradientSums: blocks))
        }
        if blocks != nil { sums?.end() }
    }

    private func takingMoments(
        _ y: Tensor, parts: Int, rows: (Int) -> Range<Int>, _ moments: ChannelMoments?,
        _ body: (PartialMoments?) -> Void
    ) {
        guard let moments else { return body(nil) }
        scratch.with(.partialSums, 2 * parts * y.channels) { values in
            let partial = PartialMoments(values: values, channels: y.channels)
            body(partial)
            partial.join(parts, rows: { rows($0).count }) { moments.set($0, mean: $1, variance: $2) }
        }
    }

    /// Whether each output pixel depends on one input pixel at the same place: a plain matrix product.
    private func isPointwise(_ geometry: ConvolutionGeometry) -> Bool {
        geometry == ConvolutionGeometry(kernel: 1)
    }

    private func requireFit(x: Tensor, weights: [Int], y: Tensor, _ geometry: ConvolutionGeometry) {
        requireFit(x: x, weights: weights, y: y.shape, geometry)
    }

    private func requireFit(x: Tensor, weights: [Int], y: [Int], _ geometry: ConvolutionGeometry) {
        require(x, "x", hasRank: 4)
        precondition(weights.count == 4, "weights has shape \(weights), expected 4 axes")
        let (inputs, outputs) = (x.shape[3], weights[3])
        precondition(
            inputs % geometry.groups == 0 && outputs % geometry.groups == 0,
            "\(inputs) input and \(outputs) output channels can't be cut into \(geometry.groups) groups")
        precondition(
            weights[0] == geometry.rows && weights[1] == geometry.columns && weights[2] == inputs / geometry.groups,
            "weights has shape \(weights), which does not fit \(inputs) channels and \(geometry)")
        let size = geometry.outputSize(height: x.shape[1], width: x.shape[2])
        let expected = SIMD4(x.shape[0], size.height, size.width, outputs)
        precondition(
            y.count == 4 && SIMD4(y[0], y[1], y[2], y[3]) == expected, "y has shape \(y), expected \(expected)")
    }
}
