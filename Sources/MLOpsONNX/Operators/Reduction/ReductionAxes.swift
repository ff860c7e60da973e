internal import MLOpsCore

/// The axes that a reduction runs over: an attribute, or since an operator set an input. Without any it is all axes,
/// or, with `noop_with_empty_axes`, none: then each element is reduced by itself.
struct ReductionAxes: Sendable {
    private let fixed: [Int]?
    private let keeps: Bool
    private let emptyMeansNone: Bool

    /// Reads `axes`, `keepdims` and `noop_with_empty_axes`.
    init(_ node: inout NodeReader, inputSince: Int) throws {
        let isInput = node.operatorSet >= inputSince
        fixed = isInput ? nil : try node.ints("axes")
        keeps = try node.flag("keepdims", default: true)
        emptyMeansNone = isInput ? try node.flag("noop_with_empty_axes", default: false) : false
        guard isInput || node.inputCount < 2 else {
            throw MLOpsError(
                .invalidArgument, "The axes are an input only since operator set \(inputSince).",
                help: "Give the attribute 'axes'.")
        }
    }

    /// The axes of a tensor of a rank, in rising order.
    func resolve(_ input: [Int]?, rank: Int) throws -> [Int] {
        let axes = input ?? fixed ?? []
        if axes.isEmpty { return emptyMeansNone ? [] : Array(0..<rank) }
        return try Axes.normalized(axes, rank: rank)
    }

    /// The shape of the result.
    func shape(_ shape: [Int], without axes: [Int]) -> [Int] {
        let gone = Set(axes)
        return shape.indices.compactMap { gone.contains($0) ? (keeps ? 1 : nil) : shape[$0] }
    }

    /// What is known of the result's shape.
    func infer(_ x: ValueType, _ input: ValueType?) throws -> [Int]? {
        try input?.expectIndices()
        guard let shape = x.shape else { return nil }
        guard let input, input.constant == nil, input.shape != [0] else {
            return self.shape(shape, without: try resolve(input?.constant?.integers(), rank: shape.count))
        }
        if keeps { return [Int](repeating: -1, count: shape.count) }
        guard let count = input.shape?.first, count > 0, count <= shape.count else { return nil }
        return [Int](repeating: -1, count: shape.count - count)
    }
}
