internal import MLOpsCore

/// `GatherND`: the slices at places that the last dimension of the indices states; the first `batch_dims` dimensions
/// of both go together.
struct GatherNDOperator: ElementMover {
    static let name = "GatherND"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet
    static let inputCount = 2...2
    private let batch: Int

    init(_ node: inout NodeReader) throws {
        batch = node.operatorSet >= 12 ? try node.int("batch_dims") ?? 0 : 0
        guard (0...64).contains(batch) else {
            throw MLOpsError(.invalidArgument, "'batch_dims' is \(batch).", help: "Give a number of dimensions.")
        }
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let data: ValueType = try inputs.required(0)
        let indices: ValueType = try inputs.required(1)
        _ = try data.elementType.carrier()
        try indices.expectIndices()
        guard let shape = data.shape, let wanted = indices.shape, wanted.last != -1 else { return [data.reshaped(nil)] }
        return [data.reshaped(try resultShape(shape, wanted))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let data: Value = try inputs.required(0)
        let indices: Value = try inputs.required(1)
        let shape = try resultShape(data.shape, indices.shape)
        let inner = Array(data.shape[batch...])
        let places = try Arrangement.slicePlaces(indices, in: inner)
        let depth = indices.shape.last ?? 0
        let (size, whole) = (inner[depth...].reduce(1, *), inner.reduce(1, *))
        // Indices of one batch lie together.
        let runs = indices.shape[batch...].dropLast().reduce(1, *)
        let starts = places.enumerated().map { $0 / runs * whole + $1 }
        return [
            try Arrangement.take(
                data.elementType.carrier(), data, at: starts, size: size, shape: shape, in: context)
        ]
    }

    private func resultShape(_ data: [Int], _ indices: [Int]) throws -> [Int] {
        let depth = indices.last ?? 0
        let isBatch = zip(data, indices).prefix(batch).allSatisfy { $0 == $1 || $0 == -1 || $1 == -1 }
        guard batch < min(data.count, indices.count), isBatch, depth >= 1, depth <= data.count - batch else {
            throw MLOpsError(
                .invalidArgument, "Indices \(indices) with \(batch) batch dimensions do not fit a tensor \(data).",
                help: "The last dimension of the indices says how many dimensions each one goes into.")
        }
        return indices.dropLast() + data[(batch + depth)...]
    }
}

extension Arrangement {
    /// For each row of indices, the place where the slice that it states begins in a tensor of a shape.
    static func slicePlaces(_ indices: Value, in shape: [Int]) throws -> [Int] {
        let (depth, strides) = (indices.shape.last ?? 0, strides(of: shape))
        guard depth >= 1, depth <= shape.count else {
            throw MLOpsError(
                .invalidArgument, "Indices \(indices.shape) do not fit a tensor \(shape).",
                help: "The last dimension of the indices says how many dimensions each one goes into.")
        }
        let numbers = try indices.integers()
        var places = [Int](repeating: 0, count: numbers.count / depth)
        for axis in 0..<depth {
            let part = try Axes.places(places.indices.map { numbers[$0 * depth + axis] }, extent: shape[axis])
            for i in places.indices { places[i] += part[i] * strides[axis] }
        }
        return places
    }
}
