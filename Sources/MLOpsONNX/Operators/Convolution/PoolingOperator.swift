internal import MLOpsCore

/// What the operators that pool with a window share: shapes, and the run through every window of a row-major tensor.
protocol PoolingOperator: Operator {
    /// How the window moves.
    var window: Window { get }
}

extension PoolingOperator {
    static var inputCount: ClosedRange<Int> { 1...1 }

    /// The spatial axes for an input; throws `invalidArgument` when the window does not fit.
    func axes(for shape: [Int]) throws -> [Window.Axis] {
        guard shape.count >= 3, let kernel = window.kernel else {
            throw MLOpsError(
                .invalidArgument, "An input \(shape) with a window \(window.kernel ?? []) can't be pooled.",
                help: "Give an input [N, C, …] with a spatial dimension, and kernel_shape.")
        }
        return try window.axes(for: Array(shape[2...]), kernel: kernel)
    }

    /// The shape of the output; `nil` when the rank of the input is not known.
    func outputShape(for x: ValueType) throws -> [Int]? {
        try x.shape.map { shape in
            // First that there are two dimensions and more.
            let axes = try axes(for: shape)
            return shape[..<2] + axes.map(\.output)
        }
    }
}

/// Visits the elements under each window of one plane, in row-major order: for windows that the kernels do not know.
struct WindowWalk {
    let axes: [Window.Axis]
    let extents: [Int]
    let strides: [Int]

    /// Plans the walk over planes of the given extents.
    init(_ axes: [Window.Axis], over extents: [Int]) {
        (self.axes, self.extents, strides) = (axes, extents, Arrangement.strides(of: extents))
    }

    /// The number of windows.
    var windowCount: Int { axes.reduce(1) { $0 * $1.output } }

    /// Calls the body for each element of a window that lies in the plane, with its place in it.
    ///
    /// - Returns: how many places of the window lie in the plane or its padding.
    func forEachElement(ofWindow window: Int, _ body: (_ place: Int) -> Void) -> Int {
        var starts = [Int](repeating: 0, count: axes.count)
        var rest = window
        for axis in axes.indices.reversed() {
            starts[axis] = rest % axes[axis].output * axes[axis].stride - axes[axis].paddingBefore
            rest /= axes[axis].output
        }
        return visit(axis: 0, starts: starts, place: 0, isInside: true, body)
    }

    private func visit(axis: Int, starts: [Int], place: Int, isInside: Bool, _ body: (Int) -> Void) -> Int {
        guard axis < axes.count else {
            if isInside { body(place) }
            return 1
        }
        var places = 0
        for step in 0..<axes[axis].kernel {
            let position = starts[axis] + step * axes[axis].dilation
            // What rounding up lets hang over the padding belongs to no window.
            if position >= extents[axis] + axes[axis].paddingAfter { break }
            let isHere = position >= 0 && position < extents[axis]
            places += visit(
                axis: axis + 1, starts: starts, place: place + position * strides[axis], isInside: isInside && isHere,
                body)
        }
        return places
    }
}
