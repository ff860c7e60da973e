internal import MLOpsCore
internal import MLOpsTensor

/// The tensors of one run of a recurrent operator, with time in front.
struct RecurrentRun {
    private let x, w, r: Tensor
    private let bias, peepholes: Tensor
    private let lengths: [Int]
    private let time, batch, size: Int
    private let y, hidden, cell: Tensor

    /// Takes the inputs; throws `invalidArgument` when their shapes do not go together.
    init(_ inputs: [Value?], _ rule: RecurrentRule, gates: Int, hasCell: Bool, in context: RunContext) throws {
        func tensor(_ index: Int) throws -> Tensor? {
            guard let value: Value = inputs.optional(index) else { return nil }
            return try value.floats()
        }
        let value: Value = try inputs.required(0)
        guard value.shape.count == 3, value.shape[2] > 0 else { throw Self.mistake("an input \(value.shape)") }
        x = try rule.batchFirst ? value.swapped(in: context).floats() : value.floats()
        (time, batch, size) = (x.shape[0], x.shape[1], x.shape[2])
        let (directions, units) = (rule.directions.count, rule.hidden)
        guard let w = try tensor(1), let r = try tensor(2), w.shape == [directions, gates * units, size],
            r.shape == [directions, gates * units, units]
        else { throw Self.mistake("weights for \(units) units and \(size) inputs") }
        (self.w, self.r) = (w, r)
        bias = try tensor(3) ?? context.tensor([directions, 2 * gates * units])
        peepholes = try tensor(7) ?? context.tensor([directions, 3 * units])
        guard bias.shape == [directions, 2 * gates * units], peepholes.shape == [directions, 3 * units] else {
            throw Self.mistake("a bias \(bias.shape)")
        }
        let lengths: Value? = inputs.optional(4)
        self.lengths = try lengths?.integers() ?? [Int](repeating: time, count: batch)
        guard self.lengths.count == batch, self.lengths.allSatisfy((0...time).contains) else {
            throw Self.mistake("the lengths \(self.lengths)")
        }
        let shape = [directions, batch, units]
        func state(_ index: Int) throws -> Tensor {
            let result = try context.tensor(shape)
            guard let value: Value = inputs.optional(index) else { return result }
            let given = try (rule.batchFirst && value.shape.count == 3 ? value.swapped(in: context) : value).floats()
            guard given.shape == shape else { throw Self.mistake("a state \(given.shape)") }
            result.copy(from: given)
            return result
        }
        hidden = try state(5)
        cell = hasCell ? try state(6) : try context.tensor(shape)
        y = try context.tensor([time, directions, batch, units])
    }

    /// Runs one direction over time.
    func direction(
        _ index: Int, _ rule: RecurrentRule, gates: Int, in context: RunContext,
        step: (RecurrentCell, UnsafePointer<Float>, UnsafePointer<Float>) -> Void
    ) throws {
        let units = rule.hidden
        let all = gates * units
        guard time * batch > 0 else { return }
        // W · x of all steps at once.
        let projected = try context.tensor([time * batch, all])
        let rows = try context.tensor([time * batch, size])
        rows.copy(from: x)
        context.compute.matrixProduct(rows, try transposed(w, index, all, size, in: context), into: projected)
        let recurrent = try context.tensor([batch, all])
        let states = try context.tensor([batch, units])
        let weights = try transposed(r, index, all, units, in: context)
        let own = bias.pointer + index * 2 * all
        for place in 0..<time {
            try Task.checkCancellation()
            states.pointer.update(from: hidden.pointer + index * batch * units, count: batch * units)
            context.compute.matrixProduct(states, weights, into: recurrent)
            for row in 0..<batch where place < lengths[row] {
                // From the end of its own row, not of the longest.
                let moment = rule.directions[index] ? lengths[row] - 1 - place : place
                let product = projected.pointer + (moment * batch + row) * all
                for i in 0..<all { product[i] += own[i] }
                let state = hidden.pointer + (index * batch + row) * units
                step(
                    RecurrentCell(
                        direction: index, hidden: state, cell: cell.pointer + (index * batch + row) * units,
                        bias: own + all, peepholes: peepholes.pointer + index * 3 * units,
                        weights: r.pointer + index * all * units), product, recurrent.pointer + row * all)
                (y.pointer + ((moment * rule.directions.count + index) * batch + row) * units)
                    .update(from: state, count: units)
            }
        }
    }

    /// All hidden states, the last ones, and those of the cell.
    func results(_ rule: RecurrentRule, hasCell: Bool, in context: RunContext) throws -> [Value] {
        let last = [hidden] + (hasCell ? [cell] : [])
        guard rule.batchFirst else { return [Value(floats: y)] + last.map { Value(floats: $0) } }
        let strides = Arrangement.strides(of: y.shape)
        let order = [2, 0, 1, 3]
        let all = try Arrangement.copy(
            Value(floats: y), to: order.map { y.shape[$0] }, strides: order.map { strides[$0] }, in: context)
        return try [all] + last.map { try Value(floats: $0).swapped(in: context) }
    }

    private func transposed(_ weights: Tensor, _ index: Int, _ rows: Int, _ columns: Int, in context: RunContext) throws
        -> Tensor
    {
        let result = try context.tensor([columns, rows])
        let source = weights.pointer + index * rows * columns
        for row in 0..<rows {
            for column in 0..<columns { result.pointer[column * rows + row] = source[row * columns + column] }
        }
        return result
    }

    private static func mistake(_ what: String) -> MLOpsError {
        MLOpsError(
            .invalidArgument, "The operator can't take \(what).",
            help: "Give the shapes that the ONNX standard says for the operator.")
    }
}

extension Value {
    /// A tensor of three axes with the first two exchanged.
    func swapped(in context: RunContext) throws -> Value {
        let strides = Arrangement.strides(of: shape)
        return try Arrangement.copy(
            self, to: [shape[1], shape[0], shape[2]], strides: [strides[1], strides[0], strides[2]], in: context)
    }
}
