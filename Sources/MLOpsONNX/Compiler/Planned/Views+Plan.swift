internal import MLOpsCore
internal import MLOpsTensor

/// An operator that gives the elements of its first input another shape, and nothing else.
protocol ReshapingOperator: PlannedOperator {}

extension ReshapeOperator: ReshapingOperator {}
extension FlattenOperator: ReshapingOperator {}
extension SqueezeOperator: ReshapingOperator {}
extension UnsqueezeOperator: ReshapingOperator {}
extension IdentityOperator: ReshapingOperator {}

extension ReshapingOperator {
    func plan(_ node: inout NodePlanner) throws -> Bool {
        guard let x = try node.input(0) else { return false }
        let shape = node.outputShape()
        if let view = x.reshaped(shape) {
            node.give(view)
        } else if let x = try node.input(0, .rowMajor), let view = x.reshaped(shape) {
            node.give(view)
        } else {
            return false
        }
        return true
    }
}

extension TransposeOperator: PlannedOperator {
    func plan(_ node: inout NodePlanner) throws -> Bool {
        guard let x = try node.input(0) else { return false }
        node.give(x.permuted(try order(rank: x.shape.count)))
        return true
    }
}

extension SliceOperator: PlannedOperator {
    func plan(_ node: inout NodePlanner) throws -> Bool {
        guard var view = try node.input(0), node.types.dropFirst().allSatisfy({ $0 == nil || $0?.constant != nil })
        else { return false }
        for (axis, cut) in try cuts(node.types.map { $0?.constant }, view.shape).enumerated() {
            if let cut { view = view.cut(axis: axis, from: cut.first, step: cut.step, count: cut.count) }
        }
        // What runs backward lies in no order that kernels know; it is copied in the row-major one.
        node.give(view.strides.contains { $0 < 0 } ? node.moved(view) : view)
        return true
    }
}

extension SplitOperator: PlannedOperator {
    func plan(_ node: inout NodePlanner) throws -> Bool {
        guard let x = try node.input(0), node.inputCount < 2 || node.constant(1) != nil else { return false }
        let axis = try Axes.normalized(axis, rank: x.shape.count)
        var first = 0
        for (index, extent) in try extents(node.constant(1)?.integers(), of: x.shape[axis]).enumerated() {
            if index < node.outputCount { node.give(x.cut(axis: axis, from: first, count: extent), as: index) }
            first += extent
        }
        return true
    }
}

extension ExpandOperator: PlannedOperator {
    func plan(_ node: inout NodePlanner) throws -> Bool {
        guard let x = try node.input(0) else { return false }
        node.give(node.moved(x.broadcast(to: node.outputShape())))
        return true
    }
}

extension ConcatOperator: PlannedOperator {
    func plan(_ node: inout NodePlanner) throws -> Bool {
        let shape = node.outputShape()
        let inputs = try (0..<node.inputCount).compactMap { try node.input($0) }
        guard inputs.count == node.inputCount, let axis = try? Axes.normalized(axis, rank: shape.count) else {
            return false
        }
        let whole = node.result(shape, inputs[0].lies(.rowMajor) ? .rowMajor : .channelsLast)
        var first = 0
        for x in inputs {
            let part = whole.cut(axis: axis, from: first, count: x.shape[axis])
            first += x.shape[axis]
            let copy = StridedCopy(x.shape, from: x.strides, to: part.strides)
            node.emit(reads: [x], writes: [part]) { memory in
                let (source, target) = (memory.pointer(x), memory.pointer(part))
                return { $0.copy(copy, source, into: target) }
            }
        }
        node.give(whole)
        return true
    }
}

extension GatherOperator: PlannedOperator {
    func plan(_ node: inout NodePlanner) throws -> Bool {
        guard let x = try node.input(0) else { return false }
        let axis = try Axes.normalized(axis, rank: x.shape.count)
        if let places = node.constant(1), places.count == 1 {
            let place = try Axes.places(places.integers(), extent: x.shape[axis])[0]
            guard let view = x.cut(axis: axis, from: place, count: 1).reshaped(node.outputShape()) else { return false }
            node.give(view)
            return true
        }
        // Rows of a table, such as an embedding, at places that are told at run time.
        guard axis == 0, let slot = node.dynamic(1), let table = try node.input(0, .rowMajor), table.count > 0 else {
            return false
        }
        let y = node.result(node.outputShape())
        let (rows, width) = (table.shape[0], table.count / table.shape[0])
        node.emit(reads: [table], writes: [y], dynamic: [slot]) { memory in
            let (source, target) = (memory.pointer(table), memory.pointer(y))
            return { _ in
                guard let indices = memory.slots[slot] else { return }
                try indices.forEachInteger { position, index in
                    guard index >= -rows, index < rows else {
                        throw MLOpsError(
                            .invalidArgument, "The index \(index) is not in an axis of \(rows).",
                            help: "Give indices from −extent to extent − 1.")
                    }
                    let row = index < 0 ? index + rows : index
                    (target + position * width).update(from: source + row * width, count: width)
                }
            }
        }
        node.give(y)
        return true
    }
}

extension Value {
    /// Calls a body with each element of a value of 32-bit or 64-bit integers, and its position.
    func forEachInteger(_ body: (_ position: Int, _ element: Int) throws -> Void) throws {
        switch elementType {
        case .int64:
            try read(as: Int64.self) { for (position, element) in $0.enumerated() { try body(position, Int(element)) } }
        case .int32:
            try read(as: Int32.self) { for (position, element) in $0.enumerated() { try body(position, Int(element)) } }
        default: throw MLOpsError.unsupported(elementType, instead: "INT64")
        }
    }
}

extension CastOperator: PlannedOperator {
    func plan(_ node: inout NodePlanner) throws -> Bool {
        if let x = try node.input(0) {
            node.give(x)
            return true
        }
        // Pixels.
        guard node.type(0)?.elementType == .uint8, let slot = node.dynamic(0) else { return false }
        let y = node.result(node.outputShape())
        node.emit(reads: [], writes: [y], dynamic: [slot]) { memory in
            let (target, block) = (memory.pointer(y), 1 << 14)
            return { compute in
                memory.slots[slot]?.read(as: UInt8.self) { pixels in
                    compute.parallel(tasks: (pixels.count + block - 1) / block) { task in
                        for i in task * block..<min(pixels.count, (task + 1) * block) { target[i] = Float(pixels[i]) }
                    }
                }
            }
        }
        node.give(y)
        return true
    }
}
