internal import MLOpsCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// How one axis is resized: for each output the inputs that it is made of, with their weights.
///
/// Source: the ONNX standard, operator `Resize`, and its reference implementation.
struct ResizeAxis {
    /// What is done to make an element of its neighbors.
    enum Mode: String, CaseIterable { case nearest, linear, cubic }
    /// Where in the input an output lies.
    enum Coordinates: String, CaseIterable {
        case half_pixel, half_pixel_symmetric, pytorch_half_pixel, align_corners, asymmetric, tf_crop_and_resize
        case tf_half_pixel_for_nn
    }
    /// Which neighbor is the nearest.
    enum Rounding: String, CaseIterable { case round_prefer_floor, round_prefer_ceil, floor, ceil }

    /// The input indices and weights for each output.
    private(set) var taps: [[(index: Int, weight: Float)]] = []
    /// For each output whether it lies outside the input, and is given a fixed number.
    private(set) var isOutside: [Bool] = []

    /// Computes the taps of an axis.
    ///
    /// - Parameter range: the part of the input, as fractions, that `tf_crop_and_resize` takes.
    init(_ rule: ResizeRule, input: Int, output: Int, scale: Double, range: (start: Double, end: Double)) {
        for x in 0..<output {
            let place = Self.place(
                Double(x), rule.coordinates, input: Double(input), output: Double(output), scale: scale, range: range)
            isOutside.append(
                rule.coordinates == .tf_crop_and_resize && (place < 0 || place > Double(input - 1)))
            // The neighbor on the left comes first, and is another one than the place itself.
            let left = place.rounded(.up) - 1
            let ratio = place - left
            let (first, weights) = Self.weights(ratio, rule, scale: min(scale, 1))
            let start = Int(min(max(left, -1e9), 1e9)) + first
            var list = weights.enumerated().map { (index: start + $0.offset, weight: $0.element) }
            if rule.excludesOutside {
                list = list.filter { (0..<input).contains($0.index) }
                let sum = list.reduce(0) { $0 + $1.weight }
                if sum != 0 { list = list.map { ($0.index, $0.weight / sum) } }
            }
            taps.append(list.map { (min(max($0.index, 0), input - 1), Float($0.weight)) })
        }
    }

    private static func place(
        _ x: Double, _ coordinates: Coordinates, input: Double, output: Double, scale: Double,
        range: (start: Double, end: Double)
    ) -> Double {
        switch coordinates {
        case .half_pixel: return (x + 0.5) / scale - 0.5
        case .half_pixel_symmetric:
            let adjustment = output / (scale * input)
            return input / 2 * (1 - adjustment) + (x + 0.5) / scale - 0.5
        case .pytorch_half_pixel: return output == 1 ? -0.5 : (x + 0.5) / scale - 0.5
        case .align_corners:
            let length = scale * input
            return length == 1 ? 0 : x * (input - 1) / (length - 1)
        case .asymmetric: return x / scale
        case .tf_half_pixel_for_nn: return (x + 0.5) / scale
        case .tf_crop_and_resize:
            if output <= 1 { return (range.end + range.start) * (input - 1) / 2 }
            return range.start * (input - 1) + x * (range.end - range.start) * (input - 1) / (output - 1)
        }
    }

    /// The weights of neighbors, and how far the first of them is from the one on the left.
    private static func weights(_ ratio: Double, _ rule: ResizeRule, scale: Double) -> (first: Int, [Double]) {
        switch rule.mode {
        case .nearest:
            let isLeft: Bool =
                switch rule.rounding {
                case .round_prefer_floor: ratio <= 0.5
                case .round_prefer_ceil: ratio < 0.5
                case .floor: ratio < 1
                case .ceil: false
                }
            return (isLeft ? 0 : 1, [1])
        case .linear:
            guard rule.isSmooth else { return (0, [1 - ratio, ratio]) }
            let first = Int((-1 / scale).rounded(.down)) + 1
            let all = (first..<first + 2 - 2 * first).map { max(0, 1 - abs((Double($0) - ratio) * scale)) }
            return (first, normalized(all))
        case .cubic:
            let first = rule.isSmooth ? Int((-2 / scale).rounded(.down)) + 1 : -1
            let all = (first...1 - first).map { cubic(abs((Double($0) - ratio) * (rule.isSmooth ? scale : 1)), rule) }
            return (first, rule.isSmooth ? normalized(all) : all)
        }
    }

    private static func normalized(_ weights: [Double]) -> [Double] {
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }

    /// Keys' convolution kernel.
    private static func cubic(_ x: Double, _ rule: ResizeRule) -> Double {
        let a = rule.cubicFactor
        if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        if x < 2 { return a * x * x * x - 5 * a * x * x + 8 * a * x - 4 * a }
        return 0
    }
}

/// What the attributes of `Resize` say of every axis.
struct ResizeRule: Sendable {
    var mode = ResizeAxis.Mode.nearest
    var coordinates = ResizeAxis.Coordinates.half_pixel
    var rounding = ResizeAxis.Rounding.round_prefer_floor
    var cubicFactor = -0.75
    var excludesOutside = false
    /// Whether a smaller image is made of all pixels of the larger one.
    var isSmooth = false
}
