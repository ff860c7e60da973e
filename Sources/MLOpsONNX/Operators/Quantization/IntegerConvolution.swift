internal import MLOpsCore

/// The convolution of 8-bit numbers, with any number of spatial axes, in 32 bits; wraps around.
struct IntegerConvolution {
    private let window: Window
    private let groups: Int

    /// Reads the attributes of a convolution.
    init(_ node: inout NodeReader) throws {
        window = try Window(&node)
        groups = try node.int("group") ?? 1
        guard (1...(1 << 20)).contains(groups) else {
            throw MLOpsError(.invalidArgument, "'group' is \(groups).", help: "Give a number of groups of at least 1.")
        }
    }

    /// The shape [N, K, …] of the result.
    func shape(_ x: [Int], _ weights: [Int]) throws -> [Int] {
        let axes = try axes(x, weights)
        return [x[0], weights[0]] + axes.map(\.output)
    }

    /// The sums for an input [N, C, …] and weights [K, C / groups, …], both less their zero points.
    func sums(_ x: [Int32], _ shape: [Int], _ weights: [Int32], _ kernel: [Int], in context: RunContext) throws
        -> [Int32]
    {
        let axes = try axes(shape, kernel)
        let walk = WindowWalk(axes, over: Array(shape[2...]))
        let result = try self.shape(shape, kernel)
        let count = try context.limits.elementCount(of: result, in: "a result")
        let plane = shape[2...].reduce(1, *)
        let (windows, channels, size) = (walk.windowCount, kernel[1], kernel[2...].reduce(1, *))
        let perGroup = kernel[0] / groups
        var sums = [Int32](repeating: 0, count: count)
        // Where each place of a window lies in its plane, −1 for padding: the same for all planes.
        for window in 0..<windows {
            let places = walk.places(ofWindow: window)
            for image in 0..<shape[0] {
                for output in 0..<kernel[0] {
                    var sum: Int32 = 0
                    for channel in 0..<channels {
                        let start = (image * shape[1] + output / perGroup * channels + channel) * plane
                        let first = (output * channels + channel) * size
                        for (i, place) in places.enumerated() where place >= 0 {
                            sum &+= x[start + place] &* weights[first + i]
                        }
                    }
                    sums[(image * kernel[0] + output) * windows + window] = sum
                }
            }
        }
        return sums
    }

    private func axes(_ x: [Int], _ weights: [Int]) throws -> [Window.Axis] {
        guard x.count >= 3, weights.count == x.count, weights[0] % groups == 0 || weights[0] == -1,
            x[1] == -1 || weights[1] == -1 || weights[1] * groups == x[1],
            window.kernel.map({ $0 == Array(weights[2...]) }) ?? true, weights[2...].allSatisfy({ $0 >= 1 })
        else {
            throw MLOpsError(
                .invalidArgument, "Weights \(weights) in \(groups) groups do not fit an input \(x).",
                help: "Give weights [K, C / groups, …].")
        }
        return try window.axes(for: Array(x[2...]), kernel: Array(weights[2...]))
    }
}

extension WindowWalk {
    /// The place in the plane of each position of a window, row-major; −1 in the padding.
    func places(ofWindow window: Int) -> [Int] {
        var starts = [Int](repeating: 0, count: axes.count)
        var rest = window
        for axis in axes.indices.reversed() {
            starts[axis] = rest % axes[axis].output * axes[axis].stride - axes[axis].paddingBefore
            rest /= axes[axis].output
        }
        var places = [0]
        for (index, axis) in axes.enumerated() {
            places = places.flatMap { place in
                (0..<axis.kernel).map { step in
                    let position = starts[index] + step * axis.dilation
                    return place < 0 || position < 0 || position >= extents[index]
                        ? -1 : place + position * strides[index]
                }
            }
        }
        return places
    }
}
