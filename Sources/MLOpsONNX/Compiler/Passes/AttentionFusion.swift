internal import MLOpsCore
internal import MLOpsTensor

/// Joins the operators of scaled dot-product attention: two products with a softmax between, scales before the first
/// product or after it, a mask, and what gives zeros to queries that no key is open to.
struct AttentionFusion: GraphPass {
    let name = "attention fusion"

    func apply(to graph: inout GraphEditor) throws -> Int {
        graph.places(of: SoftmaxOperator.self).count { join($0, &graph) }
    }

    private func join(_ root: Int, _ graph: inout GraphEditor) -> Bool {
        guard let (softmax, op) = graph.node(root, SoftmaxOperator.self),
            let rank = graph.types[softmax.inputs[0]]?.shape?.count, (2...4).contains(rank),
            op.rows.axis == -1 || op.rows.axis == rank - 1
        else { return false }
        var places = [root]
        guard let (last, clears) = product(after: root, softmax, &places, graph) else { return false }
        // Before the softmax: a sum with the mask, a scale, the product.
        var (scores, mask, scale): (String, String?, Float) = (softmax.inputs[0], nil, 1)
        var taker = root
        if let place = graph.maker(of: scores), let (sum, _) = graph.node(place, AddOperator.self) {
            guard graph.soleTaker(of: scores) == root else { return false }
            guard let index = sum.inputs.firstIndex(where: { isScores($0, takenBy: place, graph) }) else {
                return false
            }
            (scores, mask) = (sum.inputs[index], sum.inputs[1 - index])
            places.append(place)
            taker = place
        }
        if let place = graph.maker(of: scores), let scaled = graph.nodes[place], graph.soleTaker(of: scores) == taker,
            let (inner, factor) = self.factor(scaled, graph)
        {
            (scores, scale, taker) = (inner, scale * factor, place)
            places.append(place)
        }
        guard let place = graph.maker(of: scores), let (first, _) = graph.node(place, MatMulOperator.self),
            graph.soleTaker(of: scores) == taker
        else { return false }
        places.append(place)
        var operands = first.inputs
        for index in 0..<2 {
            guard let maker = graph.maker(of: operands[index]), let scaled = graph.nodes[maker],
                graph.soleTaker(of: operands[index]) == place, let (inner, factor) = factor(scaled, graph)
            else { continue }
            (operands[index], scale) = (inner, scale * factor)
            places.append(maker)
        }
        let inputs = operands + [last.inputs[1]] + (mask.map { [$0] } ?? [])
        guard inputs.allSatisfy({ graph.types[$0]?.elementType == .float32 }),
            operands.allSatisfy({ (2...4).contains(graph.types[$0]?.shape?.count ?? 0) }),
            (2...4).contains(graph.types[last.inputs[1]]?.shape?.count ?? 0),
            mask.map({ (graph.types[$0]?.shape?.count ?? 9) <= rank }) ?? true
        else { return false }
        graph.replace(
            places,
            with: OperatorGraph.Node(
                name: last.name, op: DotAttentionOperator(scale: scale, clearsEmptyRows: clears), inputs: inputs,
                outputs: last.outputs, fused: places.compactMap { graph.nodes[$0]?.name }))
        return true
    }

    /// The product that takes the softmax, perhaps after NaN was replaced by 0.
    private func product(
        after root: Int, _ softmax: OperatorGraph.Node, _ places: inout [Int], _ graph: GraphEditor
    ) -> (OperatorGraph.Node, clears: Bool)? {
        var (weights, clears) = (softmax.outputs[0], false)
        if graph.takers(of: weights).count == 2, !graph.isOutput(weights),
            let test = graph.takers(of: weights).first(where: { graph.nodes[$0]?.op is IsNaNOperator }),
            let choice = graph.takers(of: weights).first(where: { graph.nodes[$0]?.op is WhereOperator }),
            let chosen = graph.nodes[choice], let tested = graph.nodes[test]?.outputs[0],
            graph.soleTaker(of: tested) == choice, chosen.inputs[0] == tested, graph.scalar(chosen.inputs[1]) == 0,
            chosen.inputs[2] == weights
        {
            places += [test, choice]
            (weights, clears) = (chosen.outputs[0], true)
        }
        guard let place = graph.soleTaker(of: weights), let (product, _) = graph.node(place, MatMulOperator.self),
            product.inputs[0] == weights, product.inputs[1] != weights
        else { return nil }
        places.append(place)
        return (product, clears)
    }

    private func isScores(_ name: String, takenBy place: Int, _ graph: GraphEditor) -> Bool {
        guard graph.soleTaker(of: name) == place, let maker = graph.maker(of: name), let node = graph.nodes[maker]
        else {
            return false
        }
        if node.op is MatMulOperator { return true }
        guard let (inner, _) = factor(node, graph) else { return false }
        return graph.maker(of: inner).flatMap { graph.nodes[$0]?.op } is MatMulOperator
    }

    /// What a node multiplies by a number, and the number.
    private func factor(_ node: OperatorGraph.Node, _ graph: GraphEditor) -> (String, Float)? {
        guard let (other, scalar) = graph.scalarOperand(of: node) else { return nil }
        if node.op is MulOperator { return (other, scalar) }
        if node.op is DivOperator, node.inputs[0] == other, scalar != 0 { return (other, 1 / scalar) }
        return nil
    }
}
