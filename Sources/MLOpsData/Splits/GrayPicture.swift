#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The gray values of a picture, [height, width], and their reduction as Pillow's `LANCZOS` does it, bit for bit.
struct GrayPicture {
    let width: Int
    let height: Int
    let values: [UInt8]

    init(_ image: Image) { self.init(width: image.width, height: image.height, values: image.gray()) }

    private init(width: Int, height: Int, values: [UInt8]) {
        self.width = width
        self.height = height
        self.values = values
    }

    /// The picture at another size: rows first, rounded to 8 bits, then columns.
    ///
    /// Weights are whole numbers of 2⁻²², as in Pillow, so that rounding is the same.
    func reduced(width: Int, height: Int) -> GrayPicture {
        width == self.width && height == self.height
            ? self : resampled(width: width).transposed().resampled(width: height).transposed()
    }

    private func resampled(width target: Int) -> GrayPicture {
        guard target != width else { return self }
        let windows = (0..<target).map { Self.window($0, from: width, to: target) }
        let result = [UInt8](unsafeUninitializedCapacity: target * height) { result, count in
            values.withUnsafeBufferPointer { values in
                for (x, window) in windows.enumerated() {
                    for y in 0..<height {
                        var sum = 1 << 21
                        let start = y * width + window.first
                        for (k, weight) in window.weights.enumerated() { sum += weight * Int(values[start + k]) }
                        result[y * target + x] = UInt8(min(255, max(0, sum >> 22)))
                    }
                }
            }
            count = target * height
        }
        return GrayPicture(width: target, height: height, values: result)
    }

    private func transposed() -> GrayPicture {
        var result = [UInt8](repeating: 0, count: values.count)
        for y in 0..<height { for x in 0..<width { result[x * height + y] = values[y * width + x] } }
        return GrayPicture(width: height, height: width, values: result)
    }

    /// The source pixels of a target pixel and their weights: Lanczos with three lobes, as wide as the coarser grid.
    private static func window(_ x: Int, from source: Int, to target: Int) -> (first: Int, weights: [Int]) {
        let scale = Double(source) / Double(target)
        let stretch = max(scale, 1)
        let center = (Double(x) + 0.5) * scale
        let first = max(0, Int(center - 3 * stretch + 0.5))
        let end = min(source, Int(center + 3 * stretch + 0.5))
        let weights = (first..<end).map { lanczos((Double($0) - center + 0.5) / stretch) }
        let sum = weights.reduce(0, +)
        return (first, weights.map { Int(($0 / sum * 0x1p22).rounded(.toNearestOrAwayFromZero)) })
    }

    private static func lanczos(_ x: Double) -> Double {
        func sinc(_ x: Double) -> Double { x == 0 ? 1 : sin(x * .pi) / (x * .pi) }
        return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0
    }
}
