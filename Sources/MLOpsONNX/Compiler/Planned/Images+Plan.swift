internal import MLOpsCore
internal import MLOpsTensor

extension MaxPoolOperator: PlannedOperator {
    func plan(_ node: inout NodePlanner) throws -> Bool {
        guard node.outputCount == 1, let axes = try plannedAxes(node), let x = try node.input(0, .channelsLast) else {
            return false
        }
        let y = node.result(node.outputShape(), .channelsLast)
        let geometry = PoolingGeometry(axes[0], axes[1])
        node.emit(reads: [x], writes: [y]) { memory in
            let (x, y) = (memory.image(x), memory.image(y))
            return { $0.maxPool(x, geometry: geometry, into: y) }
        }
        node.give(y)
        return true
    }
}

extension AveragePoolOperator: PlannedOperator {
    func plan(_ node: inout NodePlanner) throws -> Bool {
        guard let axes = try plannedAxes(node), let x = try node.input(0, .channelsLast) else { return false }
        let y = node.result(node.outputShape(), .channelsLast)
        let (geometry, countsPadding) = (PoolingGeometry(axes[0], axes[1]), countsPadding)
        node.emit(reads: [x], writes: [y]) { memory in
            let (x, y) = (memory.image(x), memory.image(y))
            return { $0.averagePool(x, geometry: geometry, countingPadding: countsPadding, into: y) }
        }
        node.give(y)
        return true
    }
}

extension PoolingOperator {
    /// The axes of a window that the kernels know, over images with elements; `nil` for others.
    fileprivate func plannedAxes(_ node: NodePlanner) throws -> [Window.Axis]? {
        guard let shape = node.type(0)?.shape, shape.count == 4, !shape.contains(0), !window.roundsUp else {
            return nil
        }
        let axes = try axes(for: shape)
        return axes.allSatisfy { $0.dilation == 1 } ? axes : nil
    }
}

extension GlobalAveragePoolOperator: PlannedOperator {
    func plan(_ node: inout NodePlanner) throws -> Bool {
        guard let shape = node.type(0)?.shape, shape.count == 4 else { return false }
        return try planGlobalAverage(&node)
    }
}

extension ReduceMeanOperator: PlannedOperator {
    func plan(_ node: inout NodePlanner) throws -> Bool {
        guard let shape = node.type(0)?.shape, shape.count == 4, node.inputCount < 2 || node.constant(1) != nil,
            try axes.resolve(node.constant(1)?.integers(), rank: 4) == [2, 3]
        else { return false }
        return try planGlobalAverage(&node)
    }
}

extension PlannedOperator {
    /// The mean of each channel of an image.
    fileprivate func planGlobalAverage(_ node: inout NodePlanner) throws -> Bool {
        guard let x = try node.input(0, .channelsLast), x.count > 0 else { return false }
        let y = node.result(node.outputShape())
        node.emit(reads: [x], writes: [y]) { memory in
            let (x, y) = (memory.image(x), memory.tensor(y, as: [x.shape[0], x.shape[1]]))
            return { $0.globalAveragePool(x, into: y) }
        }
        node.give(y)
        return true
    }
}

extension BatchNormalizationOperator: PlannedOperator {
    func plan(_ node: inout NodePlanner) throws -> Bool {
        guard let shape = node.type(0)?.shape, shape.count == 4 || shape.count == 2,
            let numbers = try channelNumbers((1..<5).map { node.constant($0) }), numbers.scale.count == shape[1],
            let x = try node.input(0, shape.count == 4 ? .channelsLast : .rowMajor), x.count > 0
        else { return false }
        let y = node.result(like: x)
        let scale = numbers.scale.map(Float.init)
        let shift = numbers.shift.map(Float.init)
        node.emit(reads: [x], writes: [y]) { memory in
            let channels = shape[1]
            let (x, y) = (
                memory.tensor(x, as: [x.count / channels, channels]),
                memory.tensor(y, as: [y.count / channels, channels])
            )
            let factor = try Tensor(shape: [channels], values: scale)
            let summand = try Tensor(shape: [channels], values: shift)
            return { $0.scaleAndShift(x, scale: factor, shift: summand, into: y) }
        }
        node.give(y)
        return true
    }
}
