internal import MLOpsCore
internal import MLOpsTensor

extension SoftmaxOperator: PlannedOperator {
    func plan(_ node: inout NodePlanner) throws -> Bool {
        guard let shape = node.type(0)?.shape, !shape.isEmpty else { return false }
        let axis = try Axes.normalized(rows.axis, rank: shape.count)
        guard rows.flattens || axis == shape.count - 1, let x = try node.input(0, .rowMajor) else { return false }
        let columns = shape[axis...].reduce(1, *)
        guard columns > 0 else { return false }
        let y = node.result(like: x)
        node.emit(reads: [x], writes: [y]) { memory in
            let rows = [x.count / columns, columns]
            let (x, y) = (memory.tensor(x, as: rows), memory.tensor(y, as: rows))
            return { $0.softmaxRows(x, into: y) }
        }
        node.give(y)
        return true
    }
}

extension LayerNormalizationOperator: PlannedOperator {
    func plan(_ node: inout NodePlanner) throws -> Bool {
        guard node.outputCount == 1, let shape = node.type(0)?.shape, !shape.isEmpty,
            let axis = try? Axes.normalized(axis, rank: shape.count), let x = try node.input(0, .rowMajor),
            let scale = try node.input(1, .rowMajor)
        else { return false }
        let columns = shape[axis...].reduce(1, *)
        let shift = try node.input(2, .rowMajor)
        guard columns > 0, scale.count == columns, shift.map({ $0.count == columns }) ?? true else { return false }
        let (y, epsilon) = (node.result(like: x), epsilon)
        node.emit(reads: [x, scale] + (shift.map { [$0] } ?? []), writes: [y]) { memory in
            let rows = [x.count / columns, columns]
            let (x, y) = (memory.tensor(x, as: rows), memory.tensor(y, as: rows))
            let scale = memory.tensor(scale, as: [columns])
            let shift = shift.map { memory.tensor($0, as: [columns]) }
            return { $0.layerNorm(x, scale: scale, shift: shift, epsilon: epsilon, into: y) }
        }
        node.give(y)
        return true
    }
}

extension RMSNormalizationOperator: PlannedOperator {
    func plan(_ node: inout NodePlanner) throws -> Bool {
        guard let shape = node.type(0)?.shape, !shape.isEmpty,
            let axis = try? Axes.normalized(axis, rank: shape.count), let x = try node.input(0, .rowMajor),
            let scale = try node.input(1, .rowMajor)
        else { return false }
        let columns = shape[axis...].reduce(1, *)
        guard columns > 0, scale.count == columns else { return false }
        let (y, epsilon) = (node.result(like: x), epsilon)
        node.emit(reads: [x, scale], writes: [y]) { memory in
            let rows = [x.count / columns, columns]
            let (x, y) = (memory.tensor(x, as: rows), memory.tensor(y, as: rows))
            let scale = memory.tensor(scale, as: [columns])
            return { $0.rootMeanSquareNorm(x, scale: scale, epsilon: epsilon, into: y) }
        }
        node.give(y)
        return true
    }
}

extension MatMulOperator: PlannedOperator {
    func plan(_ node: inout NodePlanner) throws -> Bool {
        guard let a = try node.input(0), let b = try node.input(1), a.shape.count >= 2, b.shape.count >= 2,
            node.outputShape().reduce(1, *) > 0, a.count > 0,
            let left = StridedMatrices(a.shape, strides: a.strides),
            let right = StridedMatrices(b.shape, strides: b.strides)
        else { return false }
        let y = node.result(node.outputShape())
        guard let result = StridedMatrices(y.shape, strides: y.strides) else { return false }
        node.emit(reads: [a, b], writes: [y]) { memory in
            let (a, b, y) = (memory.pointer(a), memory.pointer(b), memory.pointer(y))
            return { $0.products(left, a, right, b, result, into: y) }
        }
        node.give(y)
        return true
    }
}
