internal import MLOpsCore

/// One layer of a network, as a line in its description.
public enum LayerSpec: Sendable, Hashable, Codable {
    /// A two-dimensional convolution; `padding` zeros are put around the picture on every side.
    ///
    /// It has a bias unless a ``batchNorm`` follows, which has its own.
    case convolution(filters: Int, kernel: Int = 3, stride: Int = 1, padding: Int = 1)
    /// A convolution in which each channel has a kernel of its own and none hears of another.
    ///
    /// Like ``convolution(filters:kernel:stride:padding:)``, it has a bias unless a ``batchNorm`` follows.
    case depthwiseConvolution(kernel: Int = 3, stride: Int = 1, padding: Int = 1)
    /// Batch normalization over all but the channels.
    ///
    /// Source: S. Ioffe, C. Szegedy, "Batch normalization", ICML 2015.
    case batchNorm
    /// Normalization of each picture by itself, over groups of channels: for small batches.
    ///
    /// Source: Y. Wu, K. He, "Group normalization", ECCV 2018.
    case groupNorm(groups: Int)
    /// The positive part.
    case relu
    /// The positive part, at most 6.
    case relu6
    /// x · Φ(x), Φ the normal distribution.
    ///
    /// Source: D. Hendrycks, K. Gimpel, "Gaussian error linear units", 2016.
    case gelu
    /// x · σ(x), σ the logistic function; also called swish.
    ///
    /// Source: S. Elfwing et al., "Sigmoid-weighted linear units", Neural Networks 2018.
    case silu
    /// The greatest value of each window; windows do not overlap unless `stride` is below `size`, and pixels of the
    /// padding are never the greatest.
    case maxPool(size: Int = 2, stride: Int = 2, padding: Int = 0)
    /// The mean of each window.
    case averagePool(size: Int = 2, stride: Int = 2)
    /// Sets a share of the values to zero while training, and scales the others up so that the mean stays.
    ///
    /// Source: N. Srivastava et al., "Dropout", JMLR 2014.
    case dropout(rate: Double)
    /// The mean of each channel.
    case globalAveragePool
    /// A weighted sum of all values, with a bias; a picture is read row by row, channels last.
    case dense(units: Int)
    /// What some layers make of their input, added to what a shortcut makes of it: to the input itself when that has no
    /// layers.
    ///
    /// Source: K. He et al., "Deep residual learning for image recognition", CVPR 2016.
    case residual([LayerSpec], shortcut: [LayerSpec] = [])

    /// The shape that comes out when `input` goes in.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for sizes out of range, or a picture smaller than the window.
    public func outputShape(for input: FeatureShape) throws -> FeatureShape {
        switch self {
        case .convolution(let filters, let kernel, let stride, let padding):
            return try convolved(input, filters, kernel, stride, padding)
        case .depthwiseConvolution(let kernel, let stride, let padding):
            return try convolved(input, input.channels, kernel, stride, padding)
        case .batchNorm, .relu, .relu6, .gelu, .silu:
            return input
        case .groupNorm(let groups):
            guard !input.isVector else { throw takesPictures() }
            guard groups >= 1, input.channels % groups == 0 else {
                throw invalid("can't cut \(input.channels) channels", "Use a number of groups that divides them.")
            }
            return input
        case .maxPool(let size, let stride, let padding):
            return try pooled(input, size, stride, padding)
        case .averagePool(let size, let stride):
            return try pooled(input, size, stride, 0)
        case .dropout(let rate):
            guard rate >= 0, rate < 1 else { throw invalid("drops all or none", "Use a rate in 0 ..< 1.") }
            return input
        case .globalAveragePool:
            guard !input.isVector else { throw takesPictures() }
            return FeatureShape(vector: input.channels)
        case .dense(let units):
            guard (1...1 << 20).contains(units) else {
                throw invalid("has a number of units that is out of range", "Use 1 unit or more.")
            }
            return FeatureShape(vector: units)
        case .residual(let body, let shortcut):
            let output = try body.reduce(input) { try $1.outputShape(for: $0) }
            let other = try shortcut.reduce(input) { try $1.outputShape(for: $0) }
            guard output == other else {
                throw MLOpsError(
                    .invalidArgument, "A residual adds \(output.batched(1)) to \(other.batched(1)) of its shortcut.",
                    help: "Let both give the same shape, as by a strided 1 × 1 convolution in the shortcut.")
            }
            return output
        }
    }

    private func convolved(
        _ input: FeatureShape, _ filters: Int, _ kernel: Int, _ stride: Int, _ padding: Int
    ) throws -> FeatureShape {
        guard (1...1 << 16).contains(filters), (1...1024).contains(kernel), (1...1024).contains(stride),
            (0..<1024).contains(padding)
        else { throw invalid("has a size that is out of range", "Use 1 or more filters, kernel and stride.") }
        guard !input.isVector else { throw takesPictures() }
        return FeatureShape(
            height: try extent(input.height, kernel, stride, padding),
            width: try extent(input.width, kernel, stride, padding), channels: filters)
    }

    private func pooled(_ input: FeatureShape, _ size: Int, _ stride: Int, _ padding: Int) throws -> FeatureShape {
        guard (1...1024).contains(size), (1...1024).contains(stride), (0...size / 2).contains(padding) else {
            throw invalid(
                "has a size that is out of range",
                "Use a size and stride of at least 1, and a padding of at most half the size.")
        }
        guard !input.isVector else { throw takesPictures() }
        return FeatureShape(
            height: try extent(input.height, size, stride, padding),
            width: try extent(input.width, size, stride, padding), channels: input.channels)
    }

    private func extent(_ input: Int, _ window: Int, _ stride: Int, _ padding: Int) throws -> Int {
        guard input + 2 * padding >= window else {
            throw invalid(
                "has a window larger than its input of \(input) pixels",
                "Use larger pictures, a smaller window, or fewer pooling layers before it.")
        }
        return (input + 2 * padding - window) / stride + 1
    }

    private func takesPictures() -> MLOpsError {
        invalid("can't take a vector", "Put it before the first dense or global pooling layer.")
    }

    private func invalid(_ what: String, _ help: String) -> MLOpsError {
        MLOpsError(.invalidArgument, "The layer \(self) \(what).", help: help)
    }
}
