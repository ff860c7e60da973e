internal import MLOpsCore
internal import MLOpsTensor

/// What an operator sees of a plan while it adds its work to it.
struct NodePlanner {
    let builder: PlanBuilder
    let node: OperatorGraph.Node

    init(_ node: OperatorGraph.Node, _ builder: PlanBuilder) { (self.node, self.builder) = (node, builder) }

    /// How many inputs the node has.
    var inputCount: Int { node.inputs.count }
    /// How many outputs the node has.
    var outputCount: Int { node.outputs.count }
    /// The kernels and the limits.
    var context: RunContext { builder.context }

    /// What is known of an input; `nil` when it is left out.
    func type(_ index: Int) -> ValueType? {
        index < node.inputs.count ? builder.types[node.inputs[index]] : nil
    }

    /// What is known of all inputs.
    var types: [ValueType?] { node.inputs.indices.map(type) }

    /// The value of an input that is a constant.
    func constant(_ index: Int) -> Value? { type(index)?.constant }

    /// What is known of the first output.
    var outputType: ValueType? { builder.types[node.outputs[0]] }

    /// The shape of an output.
    func outputShape(_ index: Int = 0) -> [Int] { builder.types[node.outputs[index]]?.shape ?? [] }

    /// Where the floats of an input lie; `nil` when it is left out, or no plan knows where.
    func input(_ index: Int) throws -> Placement? {
        guard index < node.inputs.count, !node.inputs[index].isEmpty else { return nil }
        return try builder.placement(of: node.inputs[index])
    }

    /// The place of an input in an order; its elements are moved there where they lie otherwise.
    func input(_ index: Int, _ order: Placement.Order) throws -> Placement? {
        guard let placement = try input(index) else { return nil }
        if placement.lies(order) { return placement }
        return builder.moved(node.inputs[index], placement, to: order)
    }

    /// The elements of a place, moved to one that is filled in an order.
    func moved(_ placement: Placement, to order: Placement.Order = .rowMajor) -> Placement {
        placement.lies(order) ? placement : builder.moved(nil, placement, to: order)
    }

    /// An input that the step reads as it is when it runs, because it is not of floats; `nil` for a constant.
    func dynamic(_ index: Int) -> Int? {
        builder.slots[node.inputs[index]]
    }

    /// A new place.
    func result(_ shape: [Int], _ order: Placement.Order = .rowMajor) -> Placement {
        Placement(buffer: builder.newBuffer(shape.reduce(1, *)), shape: shape, order)
    }

    /// A place that is filled as another is; and the very same, when nobody needs its elements after this node.
    func result(like placement: Placement, reusing mayReuse: Bool = true) -> Placement {
        if mayReuse, builder.isFree(placement) { return placement }
        var result = placement
        (result.buffer, result.offset) = (builder.newBuffer(placement.count), 0)
        return result
    }

    /// Says where an output lies.
    func give(_ placement: Placement, as index: Int = 0) { builder.place(node.outputs[index], placement) }

    /// Adds work.
    ///
    /// - Parameters:
    ///   - reads: the places that it reads.
    ///   - writes: the places that it writes.
    ///   - bind: makes the work, given where everything lies in memory.
    func emit(
        reads: [Placement], writes: [Placement], dynamic: [Int] = [],
        _ bind: @escaping @Sendable (PlanMemory) throws -> PlannedWork
    ) {
        guard writes.contains(where: { $0.count > 0 }) else { return }
        builder.emit(
            PlannedStep(
                name: node.name, operatorName: builder.title(of: node), fused: node.fused,
                reads: reads.map(\.buffer), writes: writes, readSlots: dynamic, kind: .work(bind)))
    }
}
