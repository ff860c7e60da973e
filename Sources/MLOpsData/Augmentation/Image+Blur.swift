internal import Foundation

extension Image {
    /// The picture blurred by a Gaussian of a standard deviation in pixels, cut off at three of them.
    func blurred(deviation: Double) -> Image {
        guard deviation > 0.05 else { return self }
        return resampled(
            rows: .gaussian(deviation, count: height), columns: .gaussian(deviation, count: width), width: width,
            height: height)
    }
}

extension ResizeWindows {
    /// For each of `count` pixels, its neighbors by a Gaussian; beyond the edges there are none.
    fileprivate static func gaussian(_ deviation: Double, count: Int) -> ResizeWindows {
        let radius = Int((3 * deviation).rounded(.up))
        let weights = (-radius...radius).map { exp(-0.5 * Double($0 * $0) / (deviation * deviation)) }
        var windows = ResizeWindows(count: count, length: weights.count)
        for center in 0..<count {
            let (first, last) = (max(0, center - radius), min(count - 1, center + radius))
            windows.append(first: first, Array(weights[first - center + radius...last - center + radius]))
        }
        return windows
    }
}
