internal import MLOpsCore
internal import MLOpsTensor
internal import Synchronization

/// The plans of a session, one for each set of input shapes, and their instances, one for each run at a time.
final class SessionPlans: Sendable {
    /// The plan of some shapes.
    private struct Entry {
        let plan: ExecutionPlan
        let passes: [String: Int]
        var idle: [PlanInstance] = []
        var lastUse = 0
    }

    private struct State {
        var entries: [[[Int]]: Entry] = [:]
        var uses = 0
    }

    /// The plans that are kept; of more, the one that was not used for the longest time goes.
    private static let keptPlans = 8

    private let graph: OperatorGraph
    private let passes: [any GraphPass]
    private let passCounts: [String: Int]
    private let context: RunContext
    private let state = Mutex(State())

    /// Rewrites a graph by passes, and packs its constants: each is let go in the form it came in.
    init(_ graph: consuming OperatorGraph, passes: [any GraphPass], in context: RunContext) throws {
        var counts: [String: Int] = [:]
        var rewritten: OperatorGraph
        if passes.isEmpty {
            rewritten = graph
        } else {
            // Integer steps take quantized constants as they are; what is left of these becomes floats for the others.
            rewritten = try GraphPasses.apply([QuantizedFusion()], to: consume graph, counting: &counts)
                .specialized(to: [:], foldingUpTo: PlannedNode.foldingLimit, in: context)
            rewritten = try GraphPasses.apply(passes, to: consume rewritten, counting: &counts)
        }
        try rewritten.loadStored()
        for index in rewritten.nodes.indices {
            let node = rewritten.nodes[index]
            rewritten.nodes[index].op = try node.op.prepared(for: node.inputs.map { rewritten.types[$0] })
        }
        try Self.pack(rewritten, in: context)
        self.graph = rewritten
        (self.passes, passCounts, self.context) = (passes, counts, context)
    }

    /// Lays the constants of all operators out, several at a time.
    private static func pack(_ graph: OperatorGraph, in context: RunContext) throws {
        let nodes = graph.nodes.filter { $0.op is any PackingOperator }
        let bytes = nodes.reduce(0) { $0 + (($1.op as? any PackingOperator)?.packedByteCount ?? 0) }
        try context.limits.check(
            bytes, \.packedByteCount, of: "the number of bytes of the weights as kernels read them")
        let failure = Mutex<(any Error)?>(nil)
        context.compute.parallel(tasks: nodes.count) { index in
            let node = nodes[index]
            do {
                try node.naming {
                    try (node.op as? any PackingOperator)?.pack(for: node.inputs.map { graph.types[$0] }, in: context)
                }
            } catch { failure.withLock { $0 = $0 ?? error } }
        }
        if let error = failure.withLock({ $0 }) { throw error }
    }

    /// Runs something with an instance of the plan for the shapes of inputs.
    func withInstance<Result>(
        for shapes: [[Int]], _ body: (PlanInstance, _ passes: [String: Int]) throws -> Result
    ) throws -> Result {
        let (plan, counts, idle) = try take(shapes)
        let instance = try idle ?? PlanInstance(plan)
        defer {
            state.withLock { state in
                state.entries[shapes]?.idle.append(instance)
            }
        }
        return try body(instance, counts)
    }

    private func take(_ shapes: [[Int]]) throws -> (ExecutionPlan, [String: Int], PlanInstance?) {
        let known = state.withLock { state -> (ExecutionPlan, [String: Int], PlanInstance?)? in
            state.uses += 1
            guard let index = state.entries.index(forKey: shapes) else { return nil }
            state.entries.values[index].lastUse = state.uses
            let instance = state.entries.values[index].idle.popLast()
            let entry = state.entries.values[index]
            return (entry.plan, entry.passes, instance)
        }
        if let known { return known }
        // Planned outside the lock: two runs may make the same plan, and one of them is kept.
        let (plan, counts) = try makePlan(shapes)
        state.withLock { state in
            if state.entries[shapes] == nil {
                state.entries[shapes] = Entry(plan: plan, passes: counts, lastUse: state.uses)
            }
            while state.entries.count > Self.keptPlans,
                let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
            {
                state.entries[oldest] = nil
            }
        }
        return (plan, counts, nil)
    }

    private func makePlan(_ shapes: [[Int]]) throws -> (ExecutionPlan, [String: Int]) {
        let named = Dictionary(
            zip(graph.signature.inputs.map(\.name), shapes), uniquingKeysWith: { first, _ in first })
        var counts = passCounts
        let specialized = try graph.specialized(to: named, in: context)
        let rewritten = try GraphPasses.apply(passes, to: specialized, counting: &counts)
        return (try PlanBuilder(rewritten, in: context).plan(), counts)
    }
}
