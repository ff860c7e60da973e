/// How the pixels of a resized picture are averaged from those of the original.
public enum ResizeFilter: String, Sendable, Hashable, Codable, CaseIterable {
    /// A triangle as wide as two pixels of the coarser grid: linear interpolation when enlarging, an antialiased mean
    /// when reducing. The same as `BILINEAR` in Pillow.
    case triangle
    /// The mean over the area that a pixel covers, in exact fractions; when enlarging, mostly the nearest pixel.
    case area
    /// A cubic as wide as four pixels of the coarser grid, with a = −1/2, sharper than the triangle. The same as
    /// `BICUBIC` in Pillow.
    ///
    /// Source: R. Keys, "Cubic convolution interpolation for digital image processing", IEEE Transactions on
    /// Acoustics, Speech, and Signal Processing 29(6), 1981.
    case cubic

    /// For each of `target` pixels: where its window begins in `source` pixels, how many there are, and their weights,
    /// which sum to 1.
    ///
    /// - Parameters:
    ///   - source: the extent of the picture, in pixels, or in 1 / `denominator` of them.
    ///   - offset: where the picture begins, in the same unit.
    func windows(
        from source: Int, over denominator: Int = 1, startingAt offset: Int = 0, to target: Int
    ) -> ResizeWindows {
        let count = (source + offset + denominator - 1) / denominator
        let unit = target * denominator
        let scale = Double(source) / Double(unit)
        let width = max(scale, 1)
        let radius = (self == .cubic ? 2 : 1) * width
        var windows = ResizeWindows(count: target, length: 2 * Int(radius.rounded(.up)) + 1)
        var weights: [Double] = []
        for i in 0..<target {
            let first: Int
            weights.removeAll(keepingCapacity: true)
            switch self {
            case .triangle, .cubic:
                let center = (Double(i) + 0.5) * scale + Double(offset) / Double(denominator)
                first = max(0, Int(center - radius + 0.5))
                for pixel in first..<min(count, Int(center + radius + 0.5)) {
                    let distance = abs((Double(pixel) - center + 0.5) / width)
                    weights.append(self == .cubic ? Self.cubic(at: distance) : max(0, 1 - distance))
                }
            case .area:
                // Whole numbers in units of 1 / (target · denominator) of a pixel, so that no rounding shifts an edge.
                let start = i * source + offset * target
                let end = start + source
                first = start / unit
                for pixel in first...(end - 1) / unit {
                    weights.append(Double(min(end, (pixel + 1) * unit) - max(start, pixel * unit)))
                }
            }
            windows.append(first: first, weights)
        }
        return windows
    }

    private static func cubic(at x: Double) -> Double {
        if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
        return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0
    }
}

/// The windows of ``ResizeFilter/windows(from:to:)``, one after the other.
struct ResizeWindows {
    /// The first source pixel of each window.
    private(set) var first: [Int] = []
    /// Where each window's weights begin in `weights`; one more than there are windows.
    private(set) var start: [Int] = [0]
    /// All weights.
    private(set) var weights: [Float] = []

    /// Makes room for windows of at most `length` pixels.
    init(count: Int, length: Int) {
        first.reserveCapacity(count)
        start.reserveCapacity(count + 1)
        weights.reserveCapacity(count * length)
    }

    /// Adds a window, its weights divided by their sum.
    mutating func append(first pixel: Int, _ unscaled: [Double]) {
        var sum = 0.0
        for weight in unscaled { sum += weight }
        first.append(pixel)
        for weight in unscaled { weights.append(Float(weight / sum)) }
        start.append(weights.count)
    }
}
