internal import MLOpsTensor

/// Where the elements of a value lie: in which buffer of a plan, from where on, and how far apart. The same buffer may hold
/// several values, for transposing, cutting and most reshaping moves nothing.
struct Placement: Sendable, Hashable {
    /// The order of the elements that a kernel asks for.
    enum Order: Sendable, Hashable {
        /// The last axis runs fastest.
        case rowMajor
        /// [N, C, H, W] with the channels running fastest.
        case channelsLast
    }

    var buffer: Int
    /// The place of the first element, in elements.
    var offset = 0
    var shape: [Int]
    /// For each axis, the elements from one to the next; 0 where it repeats.
    var strides: [Int]
    /// The bytes of an element: 4 of a float, 1 of a quantized number.
    var width = MemoryLayout<Float>.stride

    /// A place that is filled without gaps, in some order.
    init(buffer: Int, shape: [Int], _ order: Order = .rowMajor) {
        (self.buffer, self.shape) = (buffer, shape)
        strides = Self.strides(of: shape, order)
    }

    /// The number of elements.
    var count: Int { shape.reduce(1, *) }

    /// The strides of a shape in an order; axes other than four have the row-major one.
    static func strides(of shape: [Int], _ order: Order) -> [Int] {
        guard order == .channelsLast, shape.count == 4 else { return Arrangement.strides(of: shape) }
        let (c, w) = (shape[1], shape[3])
        return [shape[2] * w * c, 1, w * c, c]
    }

    /// Whether the elements lie without gaps in an order; axes of one element lie in every order.
    func lies(_ order: Order) -> Bool {
        let wanted = Self.strides(of: shape, order)
        return shape.indices.allSatisfy { shape[$0] == 1 || strides[$0] == wanted[$0] } || count == 0
    }

    /// Whether the elements lie without gaps or repetition, in whatever order.
    var isDense: Bool {
        var step = 1
        for axis in axesFromFastest where shape[axis] != 1 {
            guard strides[axis] == step else { return false }
            step *= shape[axis]
        }
        return true
    }

    /// The axes, the one whose elements lie closest first.
    private var axesFromFastest: [Int] {
        shape.indices.sorted { (strides[$0], -$0) < (strides[$1], -$1) }
    }

    /// The axes as they lie in memory, the one whose elements lie farthest apart first.
    var axesInOrder: [Int] { axesFromFastest.reversed() }

    /// What a report calls the order.
    var orderName: String {
        if lies(.rowMajor) { return "row-major" }
        if lies(.channelsLast) { return "channels-last" }
        return isDense ? "permuted" : "strided"
    }

    /// The same elements with the axes in another order.
    func permuted(_ order: [Int]) -> Placement {
        var result = self
        (result.shape, result.strides) = (order.map { shape[$0] }, order.map { strides[$0] })
        return result
    }

    /// Every so many elements of an axis, from one on.
    func cut(axis: Int, from first: Int, step: Int = 1, count: Int) -> Placement {
        var result = self
        if count > 0 { result.offset += first * strides[axis] }
        result.shape[axis] = count
        result.strides[axis] *= step
        return result
    }

    /// The same elements in another shape, in row-major sequence; `nil` where they would have to be moved.
    func reshaped(_ target: [Int]) -> Placement? {
        var result = self
        result.shape = target
        guard count > 0 else {
            result.strides = Arrangement.strides(of: target)
            return result
        }
        // Axes of one element lie anywhere; the others are taken in groups with as many elements on both sides.
        let axes = shape.indices.filter { shape[$0] != 1 }
        var strides = [Int](repeating: 0, count: target.count)
        var (source, axis) = (0, 0)
        while axis < target.count {
            if target[axis] == 1 {
                axis += 1
                continue
            }
            guard source < axes.count else { return nil }
            var (have, want) = (shape[axes[source]], target[axis])
            let (firstSource, firstAxis) = (source, axis)
            (source, axis) = (source + 1, axis + 1)
            while have != want {
                if have < want {
                    guard source < axes.count else { return nil }
                    have *= shape[axes[source]]
                    source += 1
                } else {
                    guard axis < target.count else { return nil }
                    want *= target[axis]
                    axis += 1
                }
            }
            // Within a group the source must be one run.
            for index in firstSource..<source - 1
            where self.strides[axes[index]] != self.strides[axes[index + 1]] * shape[axes[index + 1]] { return nil }
            var step = self.strides[axes[source - 1]]
            for index in (firstAxis..<axis).reversed() {
                strides[index] = step
                step *= target[index]
            }
        }
        result.strides = strides
        return result
    }

    /// The elements repeated to a shape that this one can be broadcast to.
    func broadcast(to target: [Int]) -> Placement {
        var result = self
        let missing = target.count - shape.count
        result.shape = target
        result.strides = target.indices.map { axis in
            axis < missing || (shape[axis - missing] == 1 && target[axis] != 1) ? 0 : strides[axis - missing]
        }
        return result
    }
}
