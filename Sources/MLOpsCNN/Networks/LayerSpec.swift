internal import MLOpsCore

/// One layer of a network, as a line in its description.
public enum LayerSpec: Sendable, Hashable, Codable {
    /// A two-dimensional convolution; `padding` zeros are put around the picture on every side.
    ///
    /// It has a bias unless a ``batchNorm`` follows, which has its own.
    case convolution(filters: Int, kernel: Int = 3, stride: Int = 1, padding: Int = 1)
    /// Batch normalization over all but the channels.
    ///
    /// Source: S. Ioffe, C. Szegedy, "Batch normalization", ICML 2015.
    case batchNorm
    /// The positive part.
    case relu
    /// The greatest value of each window; windows do not overlap unless `stride` is below `size`.
    case maxPool(size: Int = 2, stride: Int = 2)
    /// Sets a share of the values to zero while training, and scales the others up so that the mean stays.
    ///
    /// Source: N. Srivastava et al., "Dropout", JMLR 2014.
    case dropout(rate: Double)
    /// The mean of each channel.
    case globalAveragePool
    /// A weighted sum of all values, with a bias; a picture is read row by row, channels last.
    case dense(units: Int)

    /// The shape that comes out when `input` goes in.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for sizes out of range, or a picture smaller than the window.
    public func outputShape(for input: FeatureShape) throws -> FeatureShape {
        switch self {
        case .convolution(let filters, let kernel, let stride, let padding):
            guard (1...1 << 16).contains(filters), (1...1024).contains(kernel), (1...1024).contains(stride),
                (0..<1024).contains(padding)
            else { throw invalid("has a size that is out of range", "Use 1 or more filters, kernel and stride.") }
            guard !input.isVector else { throw takesPictures() }
            return FeatureShape(
                height: try extent(input.height, kernel, stride, padding),
                width: try extent(input.width, kernel, stride, padding), channels: filters)
        case .batchNorm, .relu:
            return input
        case .maxPool(let size, let stride):
            guard (1...1024).contains(size), (1...1024).contains(stride) else {
                throw invalid("has a size that is out of range", "Use a size and stride of at least 1.")
            }
            guard !input.isVector else { throw takesPictures() }
            return FeatureShape(
                height: try extent(input.height, size, stride, 0), width: try extent(input.width, size, stride, 0),
                channels: input.channels)
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
        }
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
