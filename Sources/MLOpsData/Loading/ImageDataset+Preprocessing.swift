public import MLOpsCore

extension ImageDataset where Part == TrainingPart {
    /// The dataset's preprocessing with the mean and the standard deviation of its pictures' channels, all of which are
    /// read.
    ///
    /// Sums are whole numbers, so the result does not depend on the order in which pictures are read. What is held out
    /// has no such method.
    ///
    /// - Throws: ``MLOpsCore/MLOpsError`` with `insufficientData` when there is no picture, or a channel is the same
    ///   everywhere; otherwise as ``example(at:)``.
    public func fittedPreprocessing() async throws -> ImagePreprocessing {
        var total = ChannelSums()
        for try await batch in try Loader(self, batchSize: 32) {
            for example in batch { total.add(example.image) }
        }
        let (mean, deviation) = total.moments
        guard total.count > 0, deviation.allSatisfy({ $0 > 0 }) else {
            throw MLOpsError(
                .insufficientData, "\(count) pictures have no mean and deviation of each channel.",
                help: "Give pictures that differ in each channel, or set the values.")
        }
        return try ImagePreprocessing(
            width: preprocessing.width, height: preprocessing.height, mean: mean, standardDeviation: deviation)
    }
}

/// The sums of the channels and of their squares.
private struct ChannelSums {
    var count = 0
    private var sums: [Int] = [0, 0, 0]
    private var squares: [Int] = [0, 0, 0]

    mutating func add(_ image: Image) {
        count += image.width * image.height
        image.pixels.withUnsafeBufferPointer { pixels in
            for channel in 0..<3 {
                var (sum, square) = (0, 0)
                for i in stride(from: channel, to: pixels.count, by: 3) {
                    let value = Int(pixels[i])
                    sum &+= value
                    square &+= value &* value
                }
                sums[channel] += sum
                squares[channel] += square
            }
        }
    }

    /// The means and standard deviations, of values in 0…1.
    var moments: (mean: [Float], deviation: [Float]) {
        let means = sums.map { Double($0) / Double(max(1, count)) }
        let variances = zip(squares, means).map { Double($0) / Double(max(1, count)) - $1 * $1 }
        return (means.map { Float($0 / 255) }, variances.map { Float(max(0, $0).squareRoot() / 255) })
    }
}
