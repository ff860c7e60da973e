internal import MLOpsCore
internal import MLOpsTensor

/// An operator on pairs of numbers that has a kernel for floats.
protocol PairOperator: BinaryArithmetic, PlannedOperator {
    /// The kernel's operation.
    static var pair: PairOperation { get }
}

extension AddOperator: PairOperator { static var pair: PairOperation { .add } }
extension SubOperator: PairOperator { static var pair: PairOperation { .subtract } }
extension MulOperator: PairOperator { static var pair: PairOperation { .multiply } }
extension DivOperator: PairOperator { static var pair: PairOperation { .divide } }

extension PairOperator {
    func plan(_ node: inout NodePlanner) throws -> Bool {
        guard var a = try node.input(0), var b = try node.input(1) else { return false }
        let shape = node.outputShape()
        guard shape.reduce(1, *) > 0 else { return false }
        // The result lies as the operand does whose elements are as many.
        let leader = [a, b].first { $0.shape == shape && $0.isDense }
        var order = leader?.axesInOrder ?? Array(shape.indices)
        if !Self.canRun(a, b, shape, order) {
            (a, b, order) = (node.moved(a), node.moved(b), Array(shape.indices))
        }
        let y: Placement
        if let leader, leader == a || leader == b {
            let other = leader == a ? b : a
            y = node.result(like: leader, reusing: other.buffer != leader.buffer || other == leader)
        } else {
            y = node.result(shape)
        }
        let (left, right) = (a, b)
        let axes = Self.axes(a, b, y.strides, shape, order)
        node.emit(reads: [a, b], writes: [y]) { memory in
            let (a, b, y) = (memory.pointer(left), memory.pointer(right), memory.pointer(y))
            return { $0.combine(Self.pair, axes, a, b, into: y) }
        }
        node.give(y)
        return true
    }

    private static func axes(
        _ a: Placement, _ b: Placement, _ strides: [Int], _ shape: [Int], _ order: [Int]
    ) -> StridedAxes {
        let (left, right) = (a.broadcast(to: shape).strides, b.broadcast(to: shape).strides)
        return StridedAxes(
            order.map { shape[$0] }, strides: [left, right, strides].map { list in order.map { list[$0] } })
    }

    /// Whether the kernel can read both: along the axis that runs fastest, neighbors lie side by side or are the same.
    private static func canRun(_ a: Placement, _ b: Placement, _ shape: [Int], _ order: [Int]) -> Bool {
        var strides = [Int](repeating: 0, count: shape.count)
        var step = 1
        for axis in order.reversed() {
            strides[axis] = step
            step *= shape[axis]
        }
        return axes(a, b, strides, shape, order).strides.allSatisfy { (0...1).contains($0.last ?? 0) }
    }
}

extension ElementFunctionOperator {
    /// Plans the function's kernel; false when there is none.
    func planFunction(_ node: NodePlanner) throws -> Bool {
        guard let function = elementFunction(node.types), let input = try node.input(0) else { return false }
        let x = input.isDense ? input : node.moved(input)
        let y = node.result(like: x)
        node.emit(reads: [x], writes: [y]) { memory in
            let (x, y) = (memory.tensor(x, as: [x.count]), memory.tensor(y, as: [y.count]))
            return { $0.map(x, function, into: y) }
        }
        node.give(y)
        return true
    }
}

extension UnaryArithmetic {
    /// Plans the function one element at a time, on all threads.
    func planElements(_ node: NodePlanner) throws -> Bool {
        guard let input = try node.input(0) else { return false }
        let x = input.isDense ? input : node.moved(input)
        let y = node.result(like: x)
        node.emit(reads: [x], writes: [y]) { memory in
            let (from, to, count, block) = (memory.pointer(x), memory.pointer(y), x.count, 4096)
            return { compute in
                compute.parallel(tasks: (count + block - 1) / block) { task in
                    for i in task * block..<min(count, (task + 1) * block) { to[i] = apply(from[i]) }
                }
            }
        }
        node.give(y)
        return true
    }
}
