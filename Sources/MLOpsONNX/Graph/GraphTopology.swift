internal import MLOpsCore
internal import MLOpsTensor

/// Checks that a graph hangs together: every name is made once, before it is used, and every output is made.
struct GraphTopology {
    private let graph: ModelGraph
    private let constants: [String]
    private var problems: [String] = []

    /// Throws an error with the given code that lists every problem of the graph.
    ///
    /// - Parameter stored: the names of constants that the graph does not have in memory.
    static func check(_ graph: ModelGraph, stored: some Collection<String> = [], code: MLOpsError.Code) throws {
        var topology = GraphTopology(graph, constants: (Array(graph.constants.keys) + stored).sorted())
        topology.collect()
        guard !topology.problems.isEmpty else { return }
        let shown = topology.problems.prefix(20).joined(separator: "; ")
        let more = topology.problems.count > 20 ? "; and \(topology.problems.count - 20) more" : ""
        throw MLOpsError(
            code, "The graph '\(graph.name)' does not hang together: \(shown)\(more).",
            help: "Give each value one maker, and list each operator after those whose outputs it takes.")
    }

    private init(_ graph: ModelGraph, constants: [String]) { (self.graph, self.constants) = (graph, constants) }

    private mutating func collect() {
        var known = Set<String>()
        for input in graph.signature.inputs { add(input.name, "an input", to: &known) }
        for name in constants { add(name, "a constant", to: &known) }
        if graph.signature.outputs.isEmpty { problems.append("it has no output") }
        var names = Set<String>()
        var late: [ModelGraph.Node] = []
        let made = Set(graph.nodes.flatMap(\.outputs))
        for node in graph.nodes {
            if node.name.isEmpty { problems.append("an operator \(node.op) has no name") }
            if !names.insert(node.name).inserted { problems.append("two operators are called '\(node.name)'") }
            if !node.outputs.contains(where: { !$0.isEmpty }) { problems.append("'\(node.name)' has no output") }
            let missing = node.inputs.filter { !$0.isEmpty && !known.contains($0) }
            for name in missing where !made.contains(name) {
                problems.append("'\(node.name)' takes '\(name)', which nothing makes")
            }
            if missing.contains(where: made.contains) { late.append(node) }
            for output in node.outputs where !output.isEmpty { add(output, "an output of '\(node.name)'", to: &known) }
        }
        if !late.isEmpty {
            let what =
                isCyclic() ? "take their own outputs in a cycle" : "come before an operator whose output they take"
            problems.append("\(late.map { "'\($0.name)'" }.joined(separator: ", ")) \(what)")
        }
        var outputs = Set<String>()
        for output in graph.signature.outputs {
            if !known.contains(output.name) { problems.append("nothing makes the output '\(output.name)'") }
            if !outputs.insert(output.name).inserted { problems.append("the output '\(output.name)' is listed twice") }
        }
    }

    private mutating func add(_ name: String, _ what: String, to known: inout Set<String>) {
        if name.isEmpty { problems.append("\(what) has no name") }
        if !known.insert(name).inserted { problems.append("'\(name)', \(what), was made before") }
    }

    /// Whether some operators can't be put in any order; Kahn, "Topological sorting of large networks", CACM 1962.
    private func isCyclic() -> Bool {
        var makers: [String: Int] = [:]
        for (index, node) in graph.nodes.enumerated() { for output in node.outputs { makers[output] = index } }
        var waits = [Int](repeating: 0, count: graph.nodes.count)
        var followers = [[Int]](repeating: [], count: graph.nodes.count)
        for (index, node) in graph.nodes.enumerated() {
            for input in node.inputs where !input.isEmpty {
                guard let maker = makers[input] else { continue }
                waits[index] += 1
                followers[maker].append(index)
            }
        }
        var ready = waits.indices.filter { waits[$0] == 0 }
        var done = 0
        while let node = ready.popLast() {
            done += 1
            for follower in followers[node] {
                waits[follower] -= 1
                if waits[follower] == 0 { ready.append(follower) }
            }
        }
        return done < graph.nodes.count
    }
}
