internal import MLOpsCore
internal import MLOpsTensor

/// A plan in memory of its own, ready to run; nothing is allocated per run but the outputs, and what operators allocate
/// that are run as they are.
///
/// Unchecked Sendable: an instance is in its session's pool, where nobody uses it, or with the run that took it out.
final class PlanInstance: @unchecked Sendable {
    /// A step as it runs.
    private enum Work {
        case planned(PlannedWork)
        case run(any Operator, [Input], [PlannedStep.Target])
    }

    /// An input of an operator that is run as it is.
    private enum Input {
        case value(Value?)
        case slot(Int)
    }

    let plan: ExecutionPlan
    private let memory: PlanMemory
    private let works: [Work]
    private let outputCopies: [StridedCopy?]

    /// Takes memory for a plan, and binds its steps to it.
    init(_ plan: ExecutionPlan) throws {
        let memory = try PlanMemory(plan)
        works = try plan.steps.map { step in
            switch step.kind {
            case .work(let bind): return .planned(try bind(memory))
            case .run(let op, let sources, let targets):
                let inputs = sources.map { source -> Input in
                    switch source {
                    case .absent: .value(nil)
                    case .constant(let value): .value(value)
                    case .place(let placement): .value(memory.value(placement))
                    case .slot(let slot): .slot(slot)
                    }
                }
                return .run(op, inputs, targets)
            }
        }
        outputCopies = plan.outputs.map { output in
            guard case .place(let placement) = output.source else { return nil }
            return StridedCopy(
                placement.shape, from: placement.strides, to: Arrangement.strides(of: placement.shape))
        }
        (self.plan, self.memory) = (plan, memory)
    }

    /// Runs the plan.
    ///
    /// - Parameters:
    ///   - inputs: of the shapes that the plan was made for.
    ///   - seconds: receives the time of each step; `nil` when nobody asks.
    /// - Throws: `MLOpsError` of an operator, with its node named; `CancellationError`.
    func run(
        _ inputs: [String: TensorValue], in context: RunContext, seconds: UnsafeMutableBufferPointer<Double>? = nil
    ) throws -> [String: TensorValue] {
        defer { for slot in memory.slots.indices { memory.slots[slot] = nil } }
        for input in plan.inputs {
            guard let value = inputs[input.name] else { continue }
            switch input.target {
            case .place(let placement):
                value.bytes.withUnsafeBytes { source in
                    UnsafeMutableRawBufferPointer(
                        start: memory.pointer(placement), count: placement.count * MemoryLayout<Float>.stride
                    ).copyMemory(from: source)
                }
            case .slot(let slot): memory.slots[slot] = Value(value)
            case .nowhere: break
            }
        }
        for index in works.indices {
            try Task.checkCancellation()
            let start = seconds == nil ? nil : ContinuousClock.now
            try run(index, in: context)
            if let start { seconds?[index] += (ContinuousClock.now - start) / .seconds(1) }
        }
        return try outputs(context.compute)
    }

    private func run(_ index: Int, in context: RunContext) throws {
        do {
            switch works[index] {
            case .planned(let work): try work(context.compute)
            case .run(let op, let inputs, let targets):
                let values = inputs.map { input in
                    switch input {
                    case .value(let value): value
                    case .slot(let slot): memory.slots[slot]
                    }
                }
                for (target, result) in zip(targets, try op.run(values, in: context)) { try put(result, target) }
            }
        } catch var error as MLOpsError {
            error.message = "'\(plan.steps[index].name)' (\(plan.steps[index].operatorName)): \(error.message)"
            throw error
        }
        for slot in plan.steps[index].lastSlots { memory.slots[slot] = nil }
    }

    private func put(_ result: Value, _ target: PlannedStep.Target) throws {
        switch target {
        case .nowhere: break
        case .slot(let slot): memory.slots[slot] = result
        case .place(let placement):
            guard result.shape == placement.shape else {
                throw MLOpsError(
                    .invalidArgument, "The result has the shape \(result.shape), not \(placement.shape) as foreseen.",
                    help: "This is a mistake of the operator; please report it.")
            }
            let source = try result.floats()
            // An operator may hand on its input, which may lie there already.
            memory.pointer(placement).update(from: source.pointer, count: placement.count)
        }
    }

    private func outputs(_ compute: Compute) throws -> [String: TensorValue] {
        var outputs = [String: TensorValue](minimumCapacity: plan.outputs.count)
        for (index, output) in plan.outputs.enumerated() {
            let value: TensorValue
            switch output.source {
            case .absent: continue
            case .constant(let constant): value = try constant.tensorValue()
            case .slot(let slot):
                guard let result = memory.slots[slot] else { continue }
                value = try result.tensorValue()
            case .place(let placement):
                guard let copy = outputCopies[index] else { continue }
                let size = placement.count * MemoryLayout<Float>.stride
                let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, written in
                    if placement.count > 0, let start = UnsafeMutableRawPointer(buffer.baseAddress) {
                        // The elements of an array lie on a 16-byte boundary.
                        start.withMemoryRebound(to: Float.self, capacity: placement.count) {
                            compute.copy(copy, memory.pointer(placement), into: $0)
                        }
                    }
                    written = size
                }
                value = try TensorValue(.float32, shape: placement.shape, bytes: bytes)
            }
            try output.spec.check(value)
            outputs[output.spec.name] = value
        }
        return outputs
    }
}
