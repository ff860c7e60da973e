/// How the pixels of a resized picture are averaged from those of the original.
public enum ResizeFilter: String, Sendable, Hashable, Codable, CaseIterable {
    /// A triangle as wide as two pixels of the coarser grid: linear interpolation when enlarging, an antialiased mean
    /// when reducing. The same as `BILINEAR` in Pillow.
    case triangle
    /// The mean over the area that a pixel covers, in exact fractions; when enlarging, mostly the nearest pixel.
    case area

    /// For each of `target` pixels: where its window begins in `source` pixels, how many there are, and their weights,
    /// which sum to 1.
    func windows(from source: Int, to target: Int) -> ResizeWindows {
        let scale = Double(source) / Double(target)
        var windows = ResizeWindows()
        for i in 0..<target {
            let first: Int
            var weights: [Double]
            switch self {
            case .triangle:
                let width = max(scale, 1)
                let center = (Double(i) + 0.5) * scale
                first = max(0, Int(center - width + 0.5))
                let end = min(source, Int(center + width + 0.5))
                weights = (first..<end).map { max(0, 1 - abs((Double($0) - center + 0.5) / width)) }
            case .area:
                // Whole numbers in units of 1 / target of a pixel, so that no rounding shifts an edge.
                let start = i * source
                let end = start + source
                first = start / target
                weights = (first...(end - 1) / target).map {
                    Double(min(end, ($0 + 1) * target) - max(start, $0 * target))
                }
            }
            let sum = weights.reduce(0, +)
            windows.append(first: first, weights: weights.map { Float($0 / sum) })
        }
        return windows
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

    mutating func append(first pixel: Int, weights more: [Float]) {
        first.append(pixel)
        weights.append(contentsOf: more)
        start.append(weights.count)
    }
}
