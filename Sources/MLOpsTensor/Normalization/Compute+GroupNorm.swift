extension Compute {
    /// Normalizes each group of channels of each image by its mean and biased variance (Wu and He, ECCV 2018).
    ///
    /// - Parameters:
    ///   - x: `[N, H, W, C]`, or `[N, C]`.
    ///   - groups: G, a divisor of C.
    ///   - scale: `[C]`, γ.
    ///   - offset: `[C]`, β.
    ///   - epsilon: What is added to the variance.
    ///   - y: The shape of `x`.
    ///   - mean: `[N, G]`, receives the means.
    ///   - inverseDeviation: `[N, G]`, receives each 1 / √(variance + ε).
    public func groupNorm(
        _ x: Tensor, groups: Int, scale: Tensor, offset: Tensor, epsilon: Float, into y: Tensor, mean: Tensor,
        inverseDeviation: Tensor
    ) {
        require(y, "y", hasShape: x.shape)
        let size = GroupSize(x, groups: groups)
        requireFit(size, scale, offset, mean, inverseDeviation)
        let (input, output) = (UnsafePointer(x.pointer), y.pointer)
        parallel(tasks: size.images * groups) { task in
            let first = size.first(ofTask: task)
            var (sum, squares) = (0.0, 0.0)
            size.forEach(first) { i, _ in sum += Double(input[i]) }
            let average = sum / Double(size.count)
            size.forEach(first) { i, _ in squares += (Double(input[i]) - average) * (Double(input[i]) - average) }
            let inverse = Float(1 / (squares / Double(size.count) + Double(epsilon)).squareRoot())
            mean.pointer[task] = Float(average)
            inverseDeviation.pointer[task] = inverse
            let channel = task % groups * size.channels
            size.forEach(first) { i, c in
                let normalized = (input[i] - Float(average)) * inverse
                output[i] = normalized * scale.pointer[channel + c] + offset.pointer[channel + c]
            }
        }
    }

    /// The gradients of ``groupNorm(_:groups:scale:offset:epsilon:into:mean:inverseDeviation:)``.
    ///
    /// - Parameters:
    ///   - dy: The shape of `x`, the gradient for the output.
    ///   - x: The input.
    ///   - groups: G.
    ///   - scale: `[C]`, γ.
    ///   - mean: `[N, G]`, as the forward pass gave it.
    ///   - inverseDeviation: `[N, G]`, as the forward pass gave it.
    ///   - dx: The shape of `x`; may be `dy` itself.
    ///   - dScale: `[C]`, receives the gradient for γ.
    ///   - dOffset: `[C]`, receives the gradient for β.
    public func groupNormBackward(
        _ dy: Tensor, _ x: Tensor, groups: Int, scale: Tensor, mean: Tensor, inverseDeviation: Tensor,
        into dx: Tensor, dScale: Tensor, dOffset: Tensor
    ) {
        require(dy, "dy", hasShape: x.shape)
        require(dx, "dx", hasShape: x.shape)
        let size = GroupSize(x, groups: groups)
        requireFit(size, dScale, dOffset, mean, inverseDeviation)
        require(scale, "scale", hasCount: x.channels)
        let (input, gradient, output) = (UnsafePointer(x.pointer), UnsafePointer(dy.pointer), dx.pointer)
        let channels = x.channels
        // The sums of each image for the channels, joined in the order of the images.
        scratch.with(.partialSums, 2 * size.images * channels) { sums in
            sums.update(repeating: 0, count: 2 * size.images * channels)
            parallel(tasks: size.images * groups) { task in
                let (first, channel) = (size.first(ofTask: task), task % groups * size.channels)
                let (average, inverse) = (mean.pointer[task], inverseDeviation.pointer[task])
                let own = sums + (2 * (task / groups) * channels + channel)
                var (total, product) = (0.0, 0.0)
                size.forEach(first) { i, c in
                    let normalized = (input[i] - average) * inverse
                    own[c] += gradient[i]
                    own[channels + c] += gradient[i] * normalized
                    let scaled = Double(gradient[i] * scale.pointer[channel + c])
                    total += scaled
                    product += scaled * Double(normalized)
                }
                let (meanTotal, meanProduct) = (Float(total / Double(size.count)), Float(product / Double(size.count)))
                size.forEach(first) { i, c in
                    let normalized = (input[i] - average) * inverse
                    let scaled = gradient[i] * scale.pointer[channel + c]
                    output[i] = inverse * (scaled - meanTotal - normalized * meanProduct)
                }
            }
            for c in 0..<channels {
                var (sum, product) = (0.0, 0.0)
                for image in 0..<size.images {
                    sum += Double(sums[2 * image * channels + c])
                    product += Double(sums[(2 * image + 1) * channels + c])
                }
                dOffset.pointer[c] = Float(sum)
                dScale.pointer[c] = Float(product)
            }
        }
    }

    private func requireFit(
        _ size: GroupSize, _ scale: Tensor, _ offset: Tensor, _ mean: Tensor, _ inverseDeviation: Tensor
    ) {
        require(scale, "scale", hasCount: size.groups * size.channels)
        require(offset, "offset", hasCount: size.groups * size.channels)
        require(mean, "mean", hasCount: size.images * size.groups)
        require(inverseDeviation, "inverseDeviation", hasCount: size.images * size.groups)
    }
}

/// How groups of channels lie in images [N, …, C].
private struct GroupSize {
    let images: Int, pixels: Int, groups: Int
    /// The channels of a group.
    let channels: Int

    init(_ x: Tensor, groups: Int) {
        precondition(
            groups > 0 && x.channels % groups == 0 && x.count > 0,
            "\(x.channels) channels of x, of shape \(x.shape), can't be cut into \(groups) groups")
        images = x.shape[0]
        pixels = x.rows / x.shape[0]
        self.groups = groups
        channels = x.channels / groups
    }

    /// The values of a group of an image.
    var count: Int { pixels * channels }

    func first(ofTask task: Int) -> Int { (task / groups * pixels * groups + task % groups) * channels }

    /// Visits each value of a group: its place, and its channel in the group.
    @inline(__always) func forEach(_ first: Int, _ body: (Int, Int) -> Void) {
        for pixel in 0..<pixels {
            let start = first + pixel * groups * channels
            for c in 0..<channels { body(start + c, c) }
        }
    }
}
