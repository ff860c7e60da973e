extension Compute {
    /// The maximum of each window and channel; the first of equal ones wins, and NaN spreads.
    ///
    /// - Parameters:
    ///   - x: `[N, H, W, C]`, H·W below 2³¹.
    ///   - geometry: Window size, strides, padding.
    ///   - y: `[N, P, Q, C]`, where P and Q are ``PoolingGeometry/outputSize(height:width:)``.
    ///   - indices: Receives where each maximum came from, for the backward pass; nil at inference.
    public func maxPool(_ x: Tensor, geometry: PoolingGeometry, into y: Tensor, indices: PoolingIndices? = nil) {
        maxPool(x, activation: nil, geometry: geometry, into: y, indices: indices)
    }

    /// The maximum of each window and channel, after what is left to be done to the channels of `x`.
    package func maxPool(
        _ x: Tensor, activation: ChannelActivation?, geometry: PoolingGeometry, into y: Tensor,
        indices: PoolingIndices?
    ) {
        requireFit(x, y, geometry)
        activation?.requireFit(x)
        if let indices { requireFit(indices, y, pixels: x.shape[1] * x.shape[2]) }
        maxPool(PixelSource(x, activation), shape: x.shape, geometry: geometry, into: y, indices: indices)
    }

    /// The maximum of each window and channel of pixels of a shape.
    func maxPool(
        _ source: PixelSource, shape: [Int], geometry: PoolingGeometry, into y: Tensor, indices: PoolingIndices?
    ) {
        let (height, width, channels) = (shape[1], shape[2], shape[3])
        let (rows, columns) = (y.shape[1], y.shape[2])
        let bits = indices.map { UnsafeMutableRawPointer($0.pointer).assumingMemoryBound(to: Float.self) }
        var kernel = PoolingKernel(source: source, image: 0, target: y.pointer, indices: bits)
        (kernel.width, kernel.channels, kernel.outputs) = (width, channels, columns)
        (kernel.left, kernel.strideX) = (geometry.paddingLeft, geometry.strideX)
        kernel.windowColumns = geometry.columns
        let work = (kernel, geometry, height, rows, instructionSet)
        parallel(tasks: shape[0] * rows, with: work) { work, task in
            var (kernel, geometry, height, rows, set) = work
            let row = task % rows * geometry.strideY - geometry.paddingTop
            let offset = task * kernel.outputs * kernel.channels
            kernel.image = task / rows * height * kernel.width * kernel.channels
            kernel.target += offset
            kernel.indices = kernel.indices.map { $0 + offset }
            (kernel.firstRow, kernel.endRow) = (max(row, 0), min(row + geometry.rows, height))
            set.run(kernel)
        }
    }

    /// The gradient of ``maxPool(_:geometry:into:indices:)``: each `dy` goes to where its maximum came from.
    ///
    /// - Parameters:
    ///   - dy: `[N, P, Q, C]`.
    ///   - indices: As the forward pass gave them.
    ///   - geometry: That of the pooling.
    ///   - dx: `[N, H, W, C]`.
    public func maxPoolBackward(
        _ dy: Tensor, indices: PoolingIndices, geometry: PoolingGeometry, into dx: Tensor
    ) {
        require(dy, "dy", hasRank: 4)
        require(dx, "dx", hasRank: 4)
        let gradient = PooledGradient(dy: dy, indices: indices, geometry: geometry)
        requireFit(gradient, dx)
        if let rows = gradient.rows(of: dx) {
            return parallel(tasks: rows.count, with: (rows, instructionSet)) { work, row in work.0.write(row, work.1) }
        }
        let (inputs, outputs, channels) = (dx.count, dy.count, dy.shape[3])
        let images = max(dy.shape[0], 1)
        let (source, target, winners) = (dy.pointer, dx.pointer, indices.pointer)
        let work = (source, target, winners, inputs, outputs, channels, images)
        parallel(tasks: dy.shape[0], with: work) { work, image in
            let (source, target, winners, inputs, outputs, channels, images) = work
            let input = target + image * (inputs / images)
            input.update(repeating: 0, count: inputs / images)
            let first = image * (outputs / images)
            for pixel in 0..<outputs / images / max(channels, 1) {
                let gradient = source + (first + pixel * channels)
                let winner = winners + (first + pixel * channels)
                for c in 0..<channels where winner[c] >= 0 { input[Int(winner[c]) * channels + c] += gradient[c] }
            }
        }
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
        let (height, width, channels) = (x.shape[1], x.shape[2], x.shape[3])
        let (rows, columns) = (y.shape[1], y.shape[2])
        let (source, target) = (x.pointer, y.pointer)
        parallel(tasks: x.shape[0] * rows) { task in
            let image = source + task / rows * height * width * channels
            let row = task % rows * geometry.strideY - geometry.paddingTop
            let windowRows = max(row, 0)..<max(max(row, 0), min(row + geometry.rows, height))
            for q in 0..<columns {
                let output = target + (task * columns + q) * channels
                let column = q * geometry.strideX - geometry.paddingLeft
                let windowColumns = max(column, 0)..<max(max(column, 0), min(column + geometry.columns, width))
                output.update(repeating: 0, count: channels)
                for y in windowRows {
                    for x in windowColumns {
                        let pixel = image + (y * width + x) * channels
                        for c in 0..<channels { output[c] += pixel[c] }
                    }
                }
                let inside = max(windowRows.count * windowColumns.count, 1)
                let count = Float(countingPadding ? geometry.rows * geometry.columns : inside)
                for c in 0..<channels { output[c] /= count }
            }
        }
    }

    /// The gradient of ``averagePool(_:geometry:countingPadding:into:)``: each pixel gets its share of every window's.
    ///
    /// - Parameters:
    ///   - dy: `[N, P, Q, C]`.
    ///   - geometry: That of the pooling.
    ///   - countingPadding: That of the pooling.
    ///   - dx: `[N, H, W, C]`.
    public func averagePoolBackward(
        _ dy: Tensor, geometry: PoolingGeometry, countingPadding: Bool = false, into dx: Tensor
    ) {
        requireFit(dx, dy, geometry)
        let (height, width, channels) = (dx.shape[1], dx.shape[2], dx.shape[3])
        let (rows, columns) = (dy.shape[1], dy.shape[2])
        let (source, target) = (UnsafePointer(dy.pointer), dx.pointer)
        parallel(tasks: dx.shape[0]) { task in
            let image = target + task * height * width * channels
            image.update(repeating: 0, count: height * width * channels)
            for p in 0..<rows {
                let row = p * geometry.strideY - geometry.paddingTop
                let windowRows = max(row, 0)..<max(max(row, 0), min(row + geometry.rows, height))
                for q in 0..<columns {
                    let gradient = source + ((task * rows + p) * columns + q) * channels
                    let column = q * geometry.strideX - geometry.paddingLeft
                    let windowColumns = max(column, 0)..<max(max(column, 0), min(column + geometry.columns, width))
                    let inside = max(windowRows.count * windowColumns.count, 1)
                    let share = 1 / Float(countingPadding ? geometry.rows * geometry.columns : inside)
                    for y in windowRows {
                        for x in windowColumns {
                            let pixel = image + (y * width + x) * channels
                            for c in 0..<channels { pixel[c] += share * gradient[c] }
                        }
                    }
                }
            }
        }
    }

    /// The mean of each image and channel.
    ///
    /// - Parameters:
    ///   - x: `[N, H, W, C]`, at least one pixel.
    ///   - y: `[N, C]`.
    public func globalAveragePool(_ x: Tensor, into y: Tensor) {
        require(x, "x", hasRank: 4)
        require(y, "y", hasShape: SIMD2(x.shape[0], x.shape[3]))
        precondition(x.shape[1] * x.shape[2] > 0, "An image of shape \(x.shape) has no mean")
        let (pixels, channels) = (x.shape[1] * x.shape[2], x.shape[3])
        let (source, target) = (UnsafePointer(x.pointer), y.pointer)
        let work = (source, target, pixels, channels, instructionSet)
        parallel(tasks: x.shape[0], with: work) { work, image in
            let (source, target, pixels, channels, set) = work
            let output = target + image * channels
            let first = source + image * pixels * channels
            var kernel = ChannelsKernel(
                operation: .sums, a: first, b: first, output: output, first: output, second: output, scale: first,
                shift: first, mean: first, slope: first)
            (kernel.rows, kernel.channels) = (pixels, channels)
            set.run(kernel)
            for c in 0..<channels { output[c] /= Float(pixels) }
        }
    }

    /// The gradient of ``globalAveragePool(_:into:)``: each pixel gets its share of `dy`.
    ///
    /// - Parameters:
    ///   - dy: `[N, C]`.
    ///   - dx: `[N, H, W, C]`.
    public func globalAveragePoolBackward(_ dy: Tensor, into dx: Tensor) {
        require(dx, "dx", hasRank: 4)
        require(dy, "dy", hasShape: SIMD2(dx.shape[0], dx.shape[3]))
        let (pixels, channels) = (dx.shape[1] * dx.shape[2], dx.shape[3])
        let (source, target) = (dy.pointer, dx.pointer)
        parallel(tasks: dx.shape[0], with: (source, target, pixels, channels)) { work, image in
            let (source, target, pixels, channels) = work
            let gradient = source + image * channels
            for pixel in 0..<pixels {
                let input = target + (image * pixels + pixel) * channels
                for c in 0..<channels { input[c] = gradient[c] / Float(pixels) }
            }
        }
    }

    private func requireFit(_ x: Tensor, _ y: Tensor, _ geometry: PoolingGeometry) {
        require(x, "x", hasRank: 4)
        let size = geometry.outputSize(height: x.shape[1], width: x.shape[2])
        require(y, "y", hasShape: SIMD4(x.shape[0], size.height, size.width, x.shape[3]))
    }

    func requireFit(_ gradient: PooledGradient, _ dx: Tensor) {
        requireFit(dx, gradient.dy, gradient.geometry)
        requireFit(gradient.indices, gradient.dy, pixels: dx.shape[1] * dx.shape[2])
    }

    private func requireFit(_ indices: PoolingIndices, _ y: Tensor, pixels: Int) {
        precondition(indices.count == y.count, "There are \(indices.count) indices for \(y.count) outputs")
        precondition(pixels <= Int(Int32.max), "An image of \(pixels) pixels is too large for 32-bit indices")
    }
}
