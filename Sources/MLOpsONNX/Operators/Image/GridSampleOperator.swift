internal import MLOpsCore
internal import MLOpsTensor

/// `GridSample`: the image at places of a grid, from the nearest pixel or by linear or cubic interpolation; planes of any
/// number of axes, cubic ones of two.
struct GridSampleOperator: Operator {
    static let name = "GridSample"
    static let operatorSets = 16...ONNXDocument.latestOperatorSet
    static let inputCount = 2...2
    private enum Mode: String, CaseIterable { case linear, nearest, cubic, bilinear, bicubic }
    private enum Padding: String, CaseIterable { case zeros, border, reflection }
    private let mode: Mode
    private let padding: Padding
    private let alignsCorners: Bool

    init(_ node: inout NodeReader) throws {
        mode = try node.choice("mode", default: node.operatorSet < 20 ? .bilinear : .linear)
        padding = try node.choice("padding_mode", default: .zeros)
        alignsCorners = try node.flag("align_corners", default: false)
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let grid: ValueType = try inputs.required(1)
        for type in [x, grid] where type.elementType != .float32 {
            throw MLOpsError.unsupported(type.elementType, instead: "FP32")
        }
        guard let shape = x.shape, let places = grid.shape else { return [x.reshaped(nil)] }
        return [x.reshaped(try result(shape, places))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x = try (inputs.required(0) as Value).floats()
        let grid = try (inputs.required(1) as Value).floats()
        let result = try context.tensor(result(x.shape, grid.shape))
        let extents = Array(x.shape[2...])
        let strides = Arrangement.strides(of: extents)
        let (channels, plane, rank) = (x.shape[1], extents.reduce(1, *), extents.count)
        let places = grid.shape[1..<(grid.shape.count - 1)].reduce(1, *)
        guard result.count > 0, !extents.contains(0) else { return [Value(floats: result)] }
        for image in 0..<x.shape[0] {
            for place in 0..<places {
                // The last axis of the image comes first in the grid.
                let point = grid.pointer + (image * places + place) * rank
                var taps: [(offset: Int, weight: Float)] = [(0, 1)]
                for axis in 0..<rank {
                    let own = self.taps(Double(point[rank - 1 - axis]), extents[axis])
                    taps = taps.flatMap { outer in
                        own.map { (outer.offset + $0.index * strides[axis], outer.weight * $0.weight) }
                    }
                }
                for channel in 0..<channels {
                    let source = x.pointer + (image * channels + channel) * plane
                    let sum = taps.reduce(Float(0)) { $0 + source[$1.offset] * $1.weight }
                    result.pointer[(image * channels + channel) * places + place] = sum
                }
            }
        }
        return [Value(floats: result)]
    }

    /// The pixels along an axis that a place from −1 to 1 is made of; those that count as zeros are left out.
    private func taps(_ coordinate: Double, _ extent: Int) -> [(index: Int, weight: Float)] {
        let length = Double(extent)
        // What is no number, or far outside, is outside.
        let place = coordinate.isFinite ? min(max(coordinate, -1e6), 1e6) : -1e6
        var x = alignsCorners ? (place + 1) / 2 * (length - 1) : ((place + 1) * length - 1) / 2
        let range = alignsCorners ? (0.0, length - 1) : (-0.5, length - 0.5)
        if mode == .nearest { x = x.rounded(.toNearestOrEven) }
        if x < range.0 || x > range.1 {
            if padding == .border { x = min(max(x, 0), length - 1) }
            if padding == .reflection { x = Self.reflected(x, range) }
        }
        let left = x.rounded(.down)
        let ratio = x - left
        let weights: [Double]
        var first = Int(left)
        switch mode {
        case .nearest: weights = [1]
        case .linear, .bilinear: weights = [1 - ratio, ratio]
        case .cubic, .bicubic:
            first -= 1
            weights = [ratio + 1, ratio, 1 - ratio, 2 - ratio].map(Self.cubic)
        }
        return weights.enumerated().compactMap { step, weight in
            var index = first + step
            if !(0..<extent).contains(index) {
                switch padding {
                case .zeros: return nil
                case .border: index = min(max(index, 0), extent - 1)
                case .reflection: index = min(max(Int(Self.reflected(Double(index), range)), 0), extent - 1)
                }
            }
            return weight == 0 ? nil : (index, Float(weight))
        }
    }

    private static func reflected(_ x: Double, _ range: (Double, Double)) -> Double {
        let length = range.1 - range.0
        guard length > 0 else { return range.0 }
        let distance = x < range.0 ? range.0 - x : x > range.1 ? x - range.1 : nil
        guard let distance else { return x }
        let turns = (distance / length).rounded(.towardZero)
        let rest = distance - turns * length
        let fromStart = (x < range.0) == (turns.truncatingRemainder(dividingBy: 2) == 0)
        return fromStart ? range.0 + rest : range.1 - rest
    }

    /// Keys' convolution kernel with a = −0.75.
    private static func cubic(_ x: Double) -> Double {
        let a = -0.75
        return x <= 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
    }

    private func result(_ x: [Int], _ grid: [Int]) throws -> [Int] {
        guard x.count >= 3, x.count <= 6, grid.count == x.count, grid[grid.count - 1] == x.count - 2,
            grid[0] == x[0] || grid[0] == -1 || x[0] == -1
        else {
            throw MLOpsError(
                .invalidArgument, "A grid \(grid) does not fit an image \(x).",
                help: "Give a grid [N, …, axes] for an image [N, C, …].")
        }
        return Array(x[..<2] + grid[1..<(grid.count - 1)])
    }
}
