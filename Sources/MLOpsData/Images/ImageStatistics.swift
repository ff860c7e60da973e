#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// What a picture looks like in a few numbers, for drift detection: what a dirty lens, a dark lamp or a lost focus moves.
///
/// Pictures of different sizes are comparable in all but `sharpness` and `entropy`: resize to one size first.
public struct ImageStatistics: Sendable, Hashable {
    /// The mean of the gray values, 0…1.
    public var brightness: Double
    /// The standard deviation of the gray values, 0…0.5.
    public var contrast: Double
    /// The mean of (max − min) / max over the pixels' channels, 0…1; the S of HSV.
    public var saturation: Double
    /// The variance of the 4-neighbor Laplacian of the gray values (0…255); small when out of focus.
    ///
    /// Source: Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", ICPR 2000.
    public var sharpness: Double
    /// The entropy of the histogram of gray values, 0…8 bits.
    public var entropy: Double

    /// Measures a picture.
    public init(of image: Image) {
        let gray = image.gray()
        let count = Double(gray.count)
        var histogram = [Int](repeating: 0, count: 256)
        for value in gray { histogram[Int(value)] += 1 }
        var sum = 0.0
        var squares = 0.0
        var bits = 0.0
        for (value, number) in histogram.enumerated() where number > 0 {
            sum += Double(number) * Double(value)
            squares += Double(number) * Double(value) * Double(value)
            let share = Double(number) / count
            bits -= share * log2(share)
        }
        let mean = sum / count
        brightness = mean / 255
        contrast = max(0, squares / count - mean * mean).squareRoot() / 255
        entropy = bits
        saturation = Self.saturation(of: image.pixels)
        sharpness = Self.laplacianVariance(of: gray, width: image.width, height: image.height)
    }

    /// The numbers by name, as features of a prediction record or a profile.
    public var features: [String: Double] {
        [
            "brightness": brightness, "contrast": contrast, "saturation": saturation, "sharpness": sharpness,
            "entropy": entropy,
        ]
    }

    private static func saturation(of pixels: [UInt8]) -> Double {
        pixels.withUnsafeBufferPointer { pixels in
            var sum = 0.0
            for i in stride(from: 0, to: pixels.count, by: 3) {
                let (r, g, b) = (pixels[i], pixels[i + 1], pixels[i + 2])
                let most = max(r, g, b)
                if most > 0 { sum += Double(most - min(r, g, b)) / Double(most) }
            }
            return sum / Double(pixels.count / 3)
        }
    }

    private static func laplacianVariance(of gray: [UInt8], width: Int, height: Int) -> Double {
        guard width >= 3, height >= 3 else { return 0 }
        return gray.withUnsafeBufferPointer { gray in
            var sum = 0
            var squares = 0
            for y in 1..<height - 1 {
                for i in y * width + 1..<(y + 1) * width - 1 {
                    let value =
                        Int(gray[i - 1]) + Int(gray[i + 1]) + Int(gray[i - width]) + Int(gray[i + width])
                        - 4 * Int(gray[i])
                    sum += value
                    squares += value * value
                }
            }
            let count = Double((width - 2) * (height - 2))
            let mean = Double(sum) / count
            return Double(squares) / count - mean * mean
        }
    }
}
