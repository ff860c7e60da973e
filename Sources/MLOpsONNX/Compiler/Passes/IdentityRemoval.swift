internal import MLOpsTensor

/// Takes out operators that hand on their input: `Identity`, and `Dropout` where its mask is not asked for.
struct IdentityRemoval: GraphPass {
    let name = "identity removal"

    func apply(to graph: inout GraphEditor) throws -> Int {
        var count = 0
        for place in graph.nodes.indices {
            guard let node = graph.nodes[place], node.op is IdentityOperator || node.op is DropoutOperator,
                node.outputs.dropFirst().allSatisfy({
                    $0.isEmpty || graph.takers(of: $0).isEmpty && !graph.isOutput($0)
                }),
                let input = node.inputs.first, let output = node.outputs.first
            else { continue }
            // An output keeps its name: it is made by whoever made the input, where nobody else knows it by that.
            if graph.isOutput(output) { continue }
            graph.bypass(place, to: input)
            count += 1
        }
        return count
    }
}
