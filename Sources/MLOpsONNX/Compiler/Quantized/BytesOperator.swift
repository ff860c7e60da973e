internal import MLOpsCore
internal import MLOpsTensor

/// A planned operator whose result is of 8-bit integers, which steps hand on to each other in a plan's memory.
protocol BytesOperator: PlannedOperator {}

/// A step on 8-bit integers in place of operators on the floats that they stand for.
protocol IntegerStep: BytesOperator, DescribedOperator {
    /// The type of the result.
    var elementType: ElementType { get }
    /// The shape of the result for inputs of shapes, in the order of the standard.
    func shape(_ inputs: [ValueType?]) throws -> [Int]?
    /// What the kernel does with inputs of known shapes; `nil` where it knows no way.
    func kernel(_ shapes: [[Int]]) throws -> (@Sendable (Compute, [QuantizedTensor], QuantizedTensor) -> Void)?
    /// What is done where the kernel knows no way; only a step whose kernel may be `nil` has an answer of its own.
    func runFloats(_ inputs: [Value], in context: RunContext) throws -> Value
}

extension IntegerStep {
    init(_ node: inout NodeReader) throws { throw MLOpsError.unsupported(.uint8, instead: "an operator") }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] { [ValueType(elementType, try shape(inputs))] }

    func runFloats(_ inputs: [Value], in context: RunContext) throws -> Value {
        throw MLOpsError(
            .unsupported, "Quantized inputs \(inputs.map(\.shape)) can't be computed.",
            help: "Give inputs with at least one element.")
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let values = try inputs.indices.map { try inputs.required($0) as Value }
        guard let kernel = try kernel(values.map(\.shape)),
            let shape = try shape(values.map { ValueType($0.elementType, $0.shape) })
        else { return [try runFloats(values, in: context)] }
        _ = try context.limits.elementCount(of: shape, in: "a result")
        let result = QuantizedTensor(shape: ByteOrder.shape(shape), isSigned: elementType == .int8)
        kernel(context.compute, values.map { ByteOrder.tensor($0) }, result)
        return [ByteOrder.value(result, shape)]
    }

    func plan(_ node: inout NodePlanner) throws -> Bool {
        let shapes = node.types.compactMap { $0?.shape }
        guard shapes.count == node.inputCount, let kernel = try kernel(shapes) else { return false }
        let inputs = try (0..<node.inputCount).compactMap { try node.bytes($0) }
        guard inputs.count == node.inputCount else { return false }
        let (y, isSigned) = (node.byteResult(), elementType == .int8)
        node.emit(reads: inputs.map(\.place), writes: [y]) { memory in
            let xs = inputs.map { memory.bytes($0.place, isSigned: $0.isSigned) }
            let y = memory.bytes(y, isSigned: isSigned)
            return { kernel($0, xs, y) }
        }
        node.giveBytes(y)
        return true
    }
}

extension NodePlanner {
    /// Where the 8-bit integers of an input lie, for kernels: see ``ByteOrder``; `nil` for a constant or another type.
    func bytes(_ index: Int) throws -> (place: Placement, isSigned: Bool)? {
        guard let type = type(index), type.isBytes, type.constant == nil, type.form == .tensor, let shape = type.shape,
            !shape.contains(-1)
        else { return nil }
        return (builder.bytes(node.inputs[index], shape), type.elementType == .int8)
    }

    /// A place for a result of 8-bit integers.
    func byteResult() -> Placement { builder.newBytes(outputShape()) }

    /// Says where a result of 8-bit integers lies.
    func giveBytes(_ placement: Placement) { builder.bytePlaces[node.outputs[0]] = placement }
}

extension PlanBuilder {
    /// A place for 8-bit integers, with what kernels write behind the end.
    func newBytes(_ shape: [Int]) -> Placement {
        let count = shape.reduce(1, *)
        var placement = Placement(
            buffer: newBuffer((count + QuantizedTensor.slack + 3) / 4), shape: shape, .channelsLast)
        placement.width = 1
        return placement
    }

    /// Where the 8-bit integers of a value lie; those that no plan knows are copied there.
    func bytes(_ name: String, _ shape: [Int]) -> Placement {
        if let place = bytePlaces[name] { return place }
        let slot = slot(of: name)
        let place = newBytes(shape)
        bytePlaces[name] = place
        emit(
            PlannedStep(
                name: name, operatorName: "take in", reads: [], writes: [place], readSlots: [slot],
                kind: .work { memory in
                    let target = memory.bytes(place, isSigned: false)
                    return { _ in
                        guard let value = memory.slots[slot] else { return }
                        ByteOrder.fill(target, value)
                    }
                }))
        return place
    }

    /// Makes a value of the 8-bit integers of a place, for operators that are run as they are, and outputs.
    func handOut(_ placement: Placement, _ type: ElementType, to slot: Int) {
        emit(
            PlannedStep(
                name: "", operatorName: "hand out", reads: [placement.buffer], writes: [],
                kind: .work { memory in
                    let source = memory.bytes(placement, isSigned: type == .int8)
                    return { _ in memory.slots[slot] = ByteOrder.value(source, placement.shape) }
                }))
    }
}

extension ValueType {
    /// Whether elements are 8-bit integers.
    var isBytes: Bool { elementType == .uint8 || elementType == .int8 }
}
