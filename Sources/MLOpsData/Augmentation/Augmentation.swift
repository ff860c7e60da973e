internal import MLOpsCore

/// Random changes that leave a picture's class as it is, to learn more from the same pictures.
///
/// What happens to an example is fixed by (seed, epoch, index): the same at any thread count and in any order.
public struct Augmentation: Sendable, Hashable, Codable {
    /// The key of chance.
    public var seed: UInt64
    /// The probability of mirroring left to right, 0…1.
    public var flipProbability: Double
    /// The least share of the picture's area that a random crop keeps, above 0 and at most 1; 1 crops nothing.
    public var minimumCropArea: Double
    /// The most by which brightness is multiplied or divided, at least 1; 1 changes nothing.
    public var maximumBrightnessFactor: Double

    /// Makes an augmentation; throws `invalidArgument` for values outside their ranges.
    public init(
        seed: UInt64, flipProbability: Double = 0.5, minimumCropArea: Double = 0.7, maximumBrightnessFactor: Double = 1
    ) throws {
        guard (0...1).contains(flipProbability), minimumCropArea > 0, minimumCropArea <= 1,
            maximumBrightnessFactor >= 1, maximumBrightnessFactor <= 16
        else {
            throw MLOpsError(
                .invalidArgument,
                "An augmentation can't flip by \(flipProbability), keep \(minimumCropArea) of the area and change "
                    + "brightness by \(maximumBrightnessFactor).",
                help: "Give a probability of 0…1, an area above 0 and at most 1, and a factor of 1…16.")
        }
        self.seed = seed
        self.flipProbability = flipProbability
        self.minimumCropArea = minimumCropArea
        self.maximumBrightnessFactor = maximumBrightnessFactor
    }

    /// The picture as the example at `index` has it in `epoch`; of the same sizes.
    public func callAsFunction(_ image: Image, epoch: Int, index: Int) throws -> Image {
        var chance = SeededGenerator(
            seed: seed, UInt64(truncatingIfNeeded: epoch), UInt64(truncatingIfNeeded: index))
        let flips = chance.uniform() < flipProbability
        let side = chance.uniform(in: minimumCropArea...1).squareRoot()
        let (left, top) = (chance.uniform(), chance.uniform())
        let exponent = chance.uniform(in: -1...1)
        var result = image
        if minimumCropArea < 1 {
            let width = min(image.width, max(1, Int((Double(image.width) * side).rounded())))
            let height = min(image.height, max(1, Int((Double(image.height) * side).rounded())))
            result = try image.cropped(
                x: Int(left * Double(image.width - width + 1)), y: Int(top * Double(image.height - height + 1)),
                width: width, height: height
            ).resized(width: image.width, height: image.height)
        }
        if flips { result = result.flippedHorizontally() }
        if maximumBrightnessFactor > 1 {
            // Linear on each side of 1, which needs no power function and so has the same bits everywhere.
            let most = maximumBrightnessFactor
            let factor = exponent >= 0 ? 1 + exponent * (most - 1) : 1 / (1 - exponent * (most - 1))
            let table = (0..<256).map { UInt8(min(255, (Double($0) * factor).rounded())) }
            result.pixels = result.pixels.map { table[Int($0)] }
        }
        return result
    }
}
