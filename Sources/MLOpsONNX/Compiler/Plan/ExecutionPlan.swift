internal import MLOpsCore
internal import MLOpsTensor

/// The steps of a graph for inputs of known shapes, and where everything lies: in one block of memory, in which values
/// that are not needed at the same time share their place.
struct ExecutionPlan: Sendable {
    /// Memory for floats.
    struct Buffer: Sendable {
        var count: Int
        /// What is in it, in every run.
        var constant: Value?
        /// The first float in the block of memory.
        var offset = 0
    }

    /// An input of the graph.
    struct Input: Sendable {
        var name: String
        var target: PlannedStep.Target
    }

    /// An output of the graph.
    struct Output: Sendable {
        var spec: ModelSignature.TensorSpec
        var source: PlannedStep.Source
    }

    private(set) var steps: [PlannedStep]
    let inputs: [Input]
    let outputs: [Output]
    private(set) var buffers: [Buffer]
    let slotCount: Int
    /// The floats of the block of memory.
    private(set) var size = 0

    /// Lays buffers out by when they are needed.
    init(steps: [PlannedStep], inputs: [Input], outputs: [Output], buffers: [Buffer], slotCount: Int) {
        (self.steps, self.inputs, self.outputs, self.buffers) = (steps, inputs, outputs, buffers)
        self.slotCount = slotCount
        layOut()
        releaseSlots()
    }

    /// When each buffer is needed: from the step that writes it first to the last that touches it.
    private func lifetimes() -> [ClosedRange<Int>?] {
        var lifetimes = [ClosedRange<Int>?](repeating: nil, count: buffers.count)
        func use(_ buffer: Int, at step: Int) {
            let old = lifetimes[buffer] ?? step...step
            lifetimes[buffer] = min(old.lowerBound, step)...max(old.upperBound, step)
        }
        for input in inputs { if case .place(let placement) = input.target { use(placement.buffer, at: -1) } }
        for (index, step) in steps.enumerated() {
            for buffer in step.reads {
                use(buffer, at: index)
                if step.keepsInputs { use(buffer, at: steps.count) }
            }
            for placement in step.writes { use(placement.buffer, at: index) }
        }
        for output in outputs {
            if case .place(let placement) = output.source { use(placement.buffer, at: steps.count) }
        }
        return lifetimes
    }

    /// Gives each buffer the lowest place that is free while it is needed, the largest first (Pisarchyk and Lee,
    /// "Efficient memory management for deep neural net inference", 2020).
    private mutating func layOut() {
        let lifetimes = lifetimes()
        let order = buffers.indices.filter { buffers[$0].constant == nil && lifetimes[$0] != nil }
            .sorted { (buffers[$1].count, $0) < (buffers[$0].count, $1) }
        var placed: [(range: Range<Int>, life: ClosedRange<Int>)] = []
        for index in order {
            guard let life = lifetimes[index] else { continue }
            // Buffers begin on whole cache lines.
            let count = (buffers[index].count + 15) / 16 * 16
            var offset = 0
            for other in placed where other.life.overlaps(life) {
                if other.range.lowerBound >= offset + count { break }
                offset = max(offset, other.range.upperBound)
            }
            buffers[index].offset = offset
            size = max(size, offset + count)
            let position = placed.firstIndex { $0.range.lowerBound > offset } ?? placed.count
            placed.insert((offset..<offset + count, life), at: position)
        }
    }

    private mutating func releaseSlots() {
        var kept = Set<Int>()
        for output in outputs { if case .slot(let slot) = output.source { kept.insert(slot) } }
        for index in steps.indices.reversed() {
            steps[index].lastSlots = Set(steps[index].readSlots).filter { kept.insert($0).inserted }.sorted()
        }
    }
}
