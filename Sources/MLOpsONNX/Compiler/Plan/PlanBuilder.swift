internal import MLOpsCore
internal import MLOpsTensor

/// Makes the plan of a graph whose inputs have known shapes.
final class PlanBuilder {
    let context: RunContext
    /// What is known of each value.
    let types: [String: ValueType]
    /// The slots of values that are not planned.
    private(set) var slots: [String: Int] = [:]
    /// Where 8-bit integers lie that steps hand on to each other; see ``NodePlanner/bytes(_:)``.
    var bytePlaces: [String: Placement] = [:]
    private let graph: OperatorGraph
    private var steps: [PlannedStep] = []
    private var buffers: [ExecutionPlan.Buffer] = []
    private var places: [String: Placement] = [:]
    /// For each buffer the names of the values in it.
    private var names: [Int: Set<String>] = [:]
    /// How many nodes and outputs have still to take a value.
    private var pending: [String: Int] = [:]
    private var movedPlaces: [String: [Placement.Order: Placement]] = [:]
    private var currentName = "", currentOperator = ""

    init(_ graph: OperatorGraph, in context: RunContext) {
        (self.graph, self.context, types) = (graph, context, graph.types)
    }

    /// Plans all nodes.
    func plan() throws -> ExecutionPlan {
        for node in graph.nodes { for name in Set(node.inputs) { pending[name, default: 0] += 1 } }
        for spec in graph.signature.outputs { pending[spec.name, default: 0] += 1 }
        var inputs: [ExecutionPlan.Input] = []
        for spec in graph.signature.inputs {
            guard let type = types[spec.name] else { continue }
            if isPlanned(type), let shape = type.shape {
                let placement = Placement(buffer: newBuffer(type.elementCount), shape: shape)
                place(spec.name, placement)
                inputs.append(.init(name: spec.name, target: .place(placement)))
            } else {
                inputs.append(.init(name: spec.name, target: .slot(slot(of: spec.name))))
            }
        }
        for node in graph.nodes { try node.naming { try add(node) } }
        let outputs = try graph.signature.outputs.map { spec -> ExecutionPlan.Output in
            if let constant = types[spec.name]?.constant { return .init(spec: spec, source: .constant(constant)) }
            if let placement = try placement(of: spec.name) { return .init(spec: spec, source: .place(placement)) }
            return .init(spec: spec, source: .slot(slot(of: spec.name)))
        }
        return ExecutionPlan(
            steps: steps, inputs: inputs, outputs: outputs, buffers: buffers, slotCount: slots.count)
    }

    private func add(_ node: OperatorGraph.Node) throws {
        (currentName, currentOperator) = (node.name, title(of: node))
        // What this node takes last is free for its results.
        for name in Set(node.inputs) { pending[name, default: 0] -= 1 }
        let results = node.outputs.map { $0.isEmpty ? nil : types[$0] }
        let isKnown = results.allSatisfy { $0.map(isPlanned) ?? true }
        if isKnown {
            var planner = NodePlanner(node, self)
            if let op = node.op as? any ElementFunctionOperator, try op.planFunction(planner) { return }
            if let op = node.op as? any UnaryArithmetic, try op.planElements(planner) { return }
            if let op = node.op as? any PlannedOperator, try op.plan(&planner) { return }
        } else if let op = node.op as? any BytesOperator, results.allSatisfy({ $0?.shape?.contains(-1) == false }) {
            var planner = NodePlanner(node, self)
            if try op.plan(&planner) { return }
        }
        try addRun(of: node, results)
    }

    private func addRun(of node: OperatorGraph.Node, _ results: [ValueType?]) throws {
        var reads: [Int] = []
        var readSlots: [Int] = []
        let sources = try node.inputs.map { name -> PlannedStep.Source in
            if name.isEmpty { return .absent }
            if let constant = types[name]?.constant { return .constant(constant) }
            if var placement = try placement(of: name) {
                if !placement.lies(.rowMajor), !placement.lies(.channelsLast) || placement.shape.count != 4 {
                    placement = moved(name, placement, to: .rowMajor)
                }
                reads.append(placement.buffer)
                return .place(placement)
            }
            readSlots.append(slot(of: name))
            return .slot(slot(of: name))
        }
        var keepsInputs = false
        var writes: [Placement] = []
        let targets = zip(node.outputs, results).map { name, result -> PlannedStep.Target in
            if name.isEmpty { return .nowhere }
            guard let result, isPlanned(result), let shape = result.shape else {
                keepsInputs = true
                return .slot(slot(of: name))
            }
            let placement = Placement(buffer: newBuffer(shape.reduce(1, *)), shape: shape)
            place(name, placement)
            writes.append(placement)
            return .place(placement)
        }
        emit(
            PlannedStep(
                name: node.name, operatorName: title(of: node), fused: node.fused, reads: reads, writes: writes,
                readSlots: readSlots, keepsInputs: keepsInputs, kind: .run(node.op, sources, targets)))
    }

    /// Whether a value is given a place: floats of a known shape.
    private func isPlanned(_ type: ValueType) -> Bool {
        let isTensor = type.form == .tensor || type.form == .labeledColumns
        return isTensor && type.elementType == .float32 && type.shape?.contains(-1) == false
    }

    func slot(of name: String) -> Int {
        if let slot = slots[name] { return slot }
        let slot = slots.count
        slots[name] = slot
        if let placement = bytePlaces[name] { handOut(placement, types[name]?.elementType ?? .uint8, to: slot) }
        return slot
    }

    /// Where a value lies; a constant of floats is given a place when somebody asks.
    func placement(of name: String) throws -> Placement? {
        if let placement = places[name] { return placement }
        guard let constant = types[name]?.constant, constant.elementType == .float32 else { return nil }
        let placement = Placement(buffer: buffers.count, shape: constant.shape)
        buffers.append(.init(count: constant.count, constant: constant))
        place(name, placement)
        // Never free, for it is there in every run.
        pending[name, default: 0] += 1
        return placement
    }

    /// Says where a value lies.
    func place(_ name: String, _ placement: Placement) {
        guard !name.isEmpty else { return }
        places[name] = placement
        names[placement.buffer, default: []].insert(name)
    }

    /// A buffer of so many floats.
    func newBuffer(_ count: Int) -> Int {
        buffers.append(.init(count: count))
        return buffers.count - 1
    }

    /// Whether no node after the current one takes what lies in the place's buffer, and it fills the place alone.
    func isFree(_ placement: Placement) -> Bool {
        let buffer = buffers[placement.buffer]
        return buffer.constant == nil && buffer.count == placement.count && placement.isDense
            && (names[placement.buffer] ?? []).allSatisfy { pending[$0, default: 0] == 0 }
    }

    /// The elements of a place in a new one; a second time, for a value with a name, the same.
    func moved(_ name: String?, _ placement: Placement, to order: Placement.Order) -> Placement {
        if let name, let known = movedPlaces[name]?[order] { return known }
        let target = Placement(buffer: newBuffer(placement.count), shape: placement.shape, order)
        if let name {
            movedPlaces[name, default: [:]][order] = target
            names[target.buffer, default: []].insert(name)
        }
        let copy = StridedCopy(placement.shape, from: placement.strides, to: target.strides)
        emit(
            PlannedStep(
                name: currentName, operatorName: "move to \(target.orderName)", reads: [placement.buffer],
                writes: [target],
                kind: .work { memory in
                    let (source, target) = (memory.pointer(placement), memory.pointer(target))
                    return { $0.copy(copy, source, into: target) }
                }))
        return target
    }

    /// Adds a step.
    func emit(_ step: PlannedStep) { steps.append(step) }

    /// What a report calls a node's operator.
    func title(of node: OperatorGraph.Node) -> String {
        (node.op as? any DescribedOperator)?.title ?? type(of: node.op).name
    }
}

/// An operator that does more than its name says.
protocol DescribedOperator: Operator {
    /// What it does, in a few words.
    var title: String { get }
}

extension ValueType {
    /// The number of elements of a known shape.
    var elementCount: Int { (shape ?? []).reduce(1, *) }
}
