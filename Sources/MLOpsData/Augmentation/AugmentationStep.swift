internal import MLOpsCore

/// One random change of a picture; its values say how far it goes.
public enum AugmentationStep: Sendable, Hashable, Codable {
    /// Mirrored left to right.
    case flip(probability: Double = 0.5)
    /// Mirrored top to bottom.
    case verticalFlip(probability: Double = 0.5)
    /// A part of the picture, anywhere in it: its share of the area, above 0 and at most 1, and by how much its
    /// proportions may differ from the picture's, at least 1.
    ///
    /// Source: C. Szegedy et al., "Going deeper with convolutions", CVPR 2015, section 6.
    case crop(area: ClosedRange<Double>, stretch: Double = 1)
    /// Turned by up to so many degrees to either side, scaled, sheared by up to so many degrees, and moved by up to
    /// that share of the sides. Where the picture ends, its edge is repeated.
    case affine(
        rotation: Double = 0, scale: ClosedRange<Double> = 1...1, shear: Double = 0, translation: Double = 0)
    /// Values multiplied by 1 ± brightness, drawn away from or to middle gray by 1 ± contrast and from or to the
    /// pixel's gray by 1 ± saturation, and hues turned by up to so many degrees, in the YIQ color space.
    case color(brightness: Double = 0, contrast: Double = 0, saturation: Double = 0, hue: Double = 0)
    /// A Gaussian blur, of a standard deviation in pixels, at most 32.
    case blur(deviation: ClosedRange<Double>, probability: Double = 1)
    /// Independent noise for each value, nearly normal, of a standard deviation on the scale 0…255.
    case noise(deviation: ClosedRange<Double>, probability: Double = 1)
    /// Written as a JPEG of a quality of 1…100 and read back.
    case jpeg(quality: ClosedRange<Int>, probability: Double = 1)
    /// A rectangle of a share of the area, anywhere, becomes gray.
    ///
    /// Source: T. DeVries, G. W. Taylor, "Improved regularization of convolutional neural networks with cutout",
    /// arXiv:1708.04552.
    case cutout(area: ClosedRange<Double>, probability: Double = 1)

    /// Throws `invalidArgument` for values outside their ranges.
    func validate() throws {
        let isValid =
            switch self {
            case .flip(let probability), .verticalFlip(let probability): (0...1).contains(probability)
            case .crop(let area, let stretch): area.lowerBound > 0 && area.upperBound <= 1 && (1...10).contains(stretch)
            case .affine(let rotation, let scale, let shear, let translation):
                (0...180).contains(rotation) && scale.lowerBound >= 0.01 && scale.upperBound <= 100
                    && (0...80).contains(shear) && (0...1).contains(translation)
            case .color(let brightness, let contrast, let saturation, let hue):
                [brightness, contrast, saturation].allSatisfy((0...1).contains) && (0...180).contains(hue)
            case .blur(let deviation, let probability):
                deviation.lowerBound >= 0 && deviation.upperBound <= 32 && (0...1).contains(probability)
            case .noise(let deviation, let probability):
                deviation.lowerBound >= 0 && deviation.upperBound <= 255 && (0...1).contains(probability)
            case .jpeg(let quality, let probability):
                quality.lowerBound >= 1 && quality.upperBound <= 100 && (0...1).contains(probability)
            case .cutout(let area, let probability):
                area.lowerBound >= 0 && area.upperBound <= 1 && (0...1).contains(probability)
            }
        guard isValid else {
            throw MLOpsError(
                .invalidArgument, "The augmentation step \(self) has a value outside its range.",
                help: "Probabilities and shares are in 0…1, the area of a crop above 0, angles in degrees; "
                    + "the step's documentation has the other ranges.")
        }
    }
}
