internal import MLOpsCore
internal import MLOpsTensor

/// softmax(Q · K · scale + mask) · V, as exporters write it in several operators: the inputs are Q […, T, D], K […, D, S],
/// V […, S, E], and the mask if there is one. No operator of the standard.
struct DotAttentionOperator: PlannedOperator {
    static let name = "DotAttention"
    static let inputCount = 3...4
    let scale: Float
    /// Whether queries that no key is open to are given zeros, not NaN.
    let clearsEmptyRows: Bool

    init(scale: Float, clearsEmptyRows: Bool) { (self.scale, self.clearsEmptyRows) = (scale, clearsEmptyRows) }
    init(_ node: inout NodeReader) throws { throw MLOpsError.unsupported(.float32, instead: "an operator") }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let (q, k, v): (ValueType, ValueType, ValueType) = (
            try inputs.required(0), try inputs.required(1), try inputs.required(2)
        )
        guard let a = q.shape, let b = k.shape, let c = v.shape else { return [q.reshaped(nil)] }
        return [q.reshaped(try outputShape(a, b, c))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let values: [Value] = try (0..<3).map { try inputs.required($0) }
        let shape = try outputShape(values[0].shape, values[1].shape, values[2].shape)
        let result = try context.tensor(shape)
        let maskValue: Value? = inputs.optional(3)
        let tensors = try values.map { try $0.floats() }
        let places = tensors.indices.map { Placement(buffer: $0, shape: tensors[$0].shape) }
        let mask = try maskValue.map {
            try Arrangement.expanded($0, to: scoreShape(shape, values[1].shape), in: context).floats()
        }
        guard result.count > 0 else { return [Value(floats: result)] }
        guard
            let work = work(
                places, mask.map { Placement(buffer: 3, shape: $0.shape) }, Placement(buffer: 4, shape: shape))
        else { throw MLOpsError.unsupported(.float32, instead: "tensors of up to four dimensions") }
        withExtendedLifetime((tensors, mask)) {
            work(
                context.compute, tensors.map { UnsafePointer($0.pointer) }, mask.map { UnsafePointer($0.pointer) },
                result.pointer)
        }
        return [Value(floats: result)]
    }

    func plan(_ node: inout NodePlanner) throws -> Bool {
        let places = try (0..<3).compactMap { try node.input($0) }
        let shape = node.outputShape()
        guard places.count == 3, shape.reduce(1, *) > 0, places[0].count > 0 else { return false }
        var mask = node.inputCount > 3 ? try node.input(3) : nil
        if node.inputCount > 3 {
            guard let given = mask, given.shape.count <= max(shape.count, 2) else { return false }
            // Each row of the mask is read as it lies: all of its columns, side by side.
            var wanted = given.shape.count < 2 ? [1] + given.shape : given.shape
            wanted[wanted.count - 1] = places[1].shape[places[1].shape.count - 1]
            try node.context.limits.elementCount(of: wanted, in: "a mask")
            mask = node.moved(given.broadcast(to: wanted))
        }
        // The heads lie side by side for each query, as the layer that follows joins them.
        var y = node.result(shape)
        if shape.count == 4 {
            y = Placement(buffer: y.buffer, shape: [shape[0], shape[2], shape[1], shape[3]]).permuted([0, 2, 1, 3])
        }
        guard let work = work(places, mask, y) else { return false }
        let output = y
        let openMask = mask
        node.emit(reads: places + (openMask.map { [$0] } ?? []), writes: [output]) { memory in
            let pointers = places.map { UnsafePointer(memory.pointer($0)) }
            let (mask, result) = (openMask.map { UnsafePointer(memory.pointer($0)) }, memory.pointer(output))
            return { work($0, pointers, mask, result) }
        }
        node.give(output)
        return true
    }

    /// The kernel's call for operands that lie so; `nil` for more dimensions than it knows.
    private func work(
        _ places: [Placement], _ mask: Placement?, _ result: Placement
    ) -> (@Sendable (Compute, [UnsafePointer<Float>], UnsafePointer<Float>?, UnsafeMutablePointer<Float>) -> Void)? {
        guard let q = StridedMatrices(places[0].shape, strides: places[0].strides),
            let k = StridedMatrices(places[1].shape, strides: places[1].strides),
            let v = StridedMatrices(places[2].shape, strides: places[2].strides),
            let output = StridedMatrices(result.shape, strides: result.strides)
        else { return nil }
        let masks = mask.flatMap { StridedMatrices($0.shape, strides: $0.strides) }
        if mask != nil, masks == nil { return nil }
        return { [scale, clearsEmptyRows] compute, pointers, mask, target in
            compute.attention(
                q: (q, pointers[0]), k: (k, pointers[1]), v: (v, pointers[2]),
                mask: masks.flatMap { masks in mask.map { (masks, $0) } }, scale: scale,
                clearsEmptyRows: clearsEmptyRows, into: (output, target))
        }
    }

    private func scoreShape(_ output: [Int], _ k: [Int]) -> [Int] { output.dropLast() + [k[k.count - 1]] }

    private func outputShape(_ q: [Int], _ k: [Int], _ v: [Int]) throws -> [Int] {
        func mistake() -> MLOpsError {
            MLOpsError(
                .invalidArgument, "Queries \(q), keys \(k) and values \(v) do not go together.",
                help: "Give […, T, D], […, D, S] and […, S, E].")
        }
        guard q.count >= 2, k.count >= 2, v.count >= 2 else { throw mistake() }
        let (depth, keys) = (q[q.count - 1], k[k.count - 1])
        for (a, b) in [(depth, k[k.count - 2]), (keys, v[v.count - 2])] where a != b && a != -1 && b != -1 {
            throw mistake()
        }
        let batch = try Broadcast.shape(
            Broadcast.shape(Array(q.dropLast(2)), Array(k.dropLast(2))), Array(v.dropLast(2)))
        return batch + [q[q.count - 2], v[v.count - 1]]
    }
}
