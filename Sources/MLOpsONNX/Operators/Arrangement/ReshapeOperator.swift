internal import MLOpsCore

/// `Reshape`: the same elements in another shape, in which one extent may be −1 and, without `allowzero`, 0 copies.
struct ReshapeOperator: Operator {
    static let name = "Reshape"
    static let inputCount = 2...2
    private let allowsZero: Bool

    init(_ node: inout NodeReader) throws {
        allowsZero = node.operatorSet >= 14 ? try node.flag("allowzero", default: false) : false
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let target: ValueType = try inputs.required(1)
        guard let wanted = try target.constant?.integers() else {
            // Only the number of dimensions may be known.
            let rank = target.shape.flatMap { $0.count == 1 ? $0[0] : nil } ?? -1
            return [x.reshaped((0...64).contains(rank) ? [Int](repeating: -1, count: rank) : nil)]
        }
        guard let shape = x.shape else { return [x.reshaped(wanted.map { $0 > 0 ? $0 : -1 })] }
        return [x.reshaped(try resolve(wanted, from: shape))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let target: Value = try inputs.required(1)
        let shape = try resolve(target.integers(), from: x.shape)
        try context.limits.elementCount(of: shape, in: "a result")
        return [x.reshaped(shape)]
    }

    /// The shape that is meant; −1 is left where it follows from an extent that is not known yet.
    private func resolve(_ wanted: [Int], from shape: [Int]) throws -> [Int] {
        func mistake() -> MLOpsError {
            MLOpsError(
                .invalidArgument, "The shape \(shape) can't become \(wanted).",
                help: "Keep the number of elements; leave at most one extent open as −1.")
        }
        var result = wanted
        for (axis, extent) in wanted.enumerated() {
            guard extent >= -1 else { throw mistake() }
            if extent == 0, !allowsZero {
                guard axis < shape.count else { throw mistake() }
                result[axis] = shape[axis]
            }
        }
        let open = wanted.indices.filter { wanted[$0] == -1 }
        guard open.count <= 1 else { throw mistake() }
        if shape.contains(-1) || result.indices.contains(where: { result[$0] == -1 && !open.contains($0) }) {
            return try openResult(result, open.first, wanted, shape)
        }
        let count = Axes.product(shape)
        guard let axis = open.first else {
            guard Axes.product(result) == count else { throw mistake() }
            return result
        }
        let rest = Axes.product(result.indices.filter { $0 != axis }.map { result[$0] })
        guard rest > 0, count % rest == 0 else { throw mistake() }
        result[axis] = count / rest
        return result
    }

    /// A batch of unknown size in front often stays in front: then what is left open can be computed without it.
    private func openResult(_ result: [Int], _ open: Int?, _ wanted: [Int], _ shape: [Int]) throws -> [Int] {
        var result = result
        let unknown = shape.indices.filter { shape[$0] == -1 }
        guard let open, unknown.count == 1, let kept = unknown.first, kept < wanted.count, wanted[kept] == 0 else {
            return result
        }
        let count = Axes.product(shape.indices.filter { $0 != kept }.map { shape[$0] })
        let rest = Axes.product(result.indices.filter { $0 != kept && $0 != open }.map { result[$0] })
        if rest > 0, count >= 0, count % rest == 0 { result[open] = count / rest }
        return result
    }
}
