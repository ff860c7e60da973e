internal import MLOpsCore

/// How a training picture is changed at random each time it is shown, so that the network sees more than it is given.
///
/// What is drawn for a picture depends on the seed, the epoch and the picture's index alone.
public struct ImageAugmentation: Sendable, Hashable, Codable {
    /// Whether half of the pictures are mirrored left to right.
    public var flips: Bool
    /// The range of the crop's side as a share of the picture's side; above 1 the edges are repeated outside.
    public var cropScale: ClosedRange<Double>
    /// The greatest turn in either direction, in radians.
    public var rotation: Double
    /// The greatest change of contrast in either direction, as a share.
    public var contrast: Double
    /// The greatest change of brightness in either direction, in standard deviations of the preprocessing.
    public var brightness: Double
    /// The greatest side of a square that half of the pictures lack, as a share of the picture's side; 0 for none.
    ///
    /// What is left must do, so the network learns more than one mark of a class.
    ///
    /// Source: Z. Zhong et al., "Random erasing data augmentation", AAAI 2020, with the mean for the square.
    public var erasing: Double

    /// Makes an augmentation.
    public init(
        flips: Bool = true, cropScale: ClosedRange<Double> = 1...1, rotation: Double = 0, contrast: Double = 0,
        brightness: Double = 0, erasing: Double = 0
    ) {
        self.flips = flips
        self.cropScale = cropScale
        self.rotation = rotation
        self.contrast = contrast
        self.brightness = brightness
        self.erasing = erasing
    }

    /// Mirrored, cropped, turned, and lit in other ways: for photographs without a fixed pose.
    public static let photographs = ImageAugmentation(
        flips: true, cropScale: 0.6...1.05, rotation: 0.25, contrast: 0.3, brightness: 0.3)

    /// Mirrored only.
    public static let flip = ImageAugmentation()

    /// Throws `invalidArgument` for values that make no picture.
    package func validate() throws {
        guard cropScale.lowerBound > 0.01, cropScale.upperBound <= 4, (0...4).contains(rotation),
            (0...1).contains(contrast), (0...10).contains(brightness), (0...1).contains(erasing)
        else {
            throw MLOpsError(
                .invalidArgument, "The augmentation \(self) makes no useful pictures.",
                help: "Give crop scales in 0.01…4, turns in 0…4, contrast and erasing in 0…1 and brightness in 0…10.")
        }
    }
}
