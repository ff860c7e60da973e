internal import MLOpsTensor

/// Finds activations that exporters write as several operators: SiLU, HardSwish, GELU by erf and by tanh.
struct ActivationRecognition: GraphPass {
    let name = "activation recognition"

    func apply(to graph: inout GraphEditor) throws -> Int {
        var count = 0
        for place in graph.nodes.indices {
            guard let node = graph.nodes[place] else { continue }
            let found: Bool
            switch node.op {
            case is SigmoidOperator: found = joinSwish(place, node, &graph)
            case is ErfOperator: found = joinGelu(place, node, &graph)
            case is TanhOperator: found = joinGeluByTangent(place, node, &graph)
            case is HardSigmoidOperator: found = joinHardSwish(place, node, &graph)
            default: found = false
            }
            if found { count += 1 }
        }
        return count
    }

    /// x · σ(x).
    private func joinSwish(_ place: Int, _ sigmoid: OperatorGraph.Node, _ graph: inout GraphEditor) -> Bool {
        guard let taker = graph.soleTaker(of: sigmoid.outputs[0]),
            let (product, _) = graph.node(taker, MulOperator.self),
            product.inputs.contains(sigmoid.inputs[0])
        else { return false }
        put(.swish(1), [place, taker], x: sigmoid.inputs[0], product, &graph)
        return true
    }

    /// x · HardSigmoid(x).
    private func joinHardSwish(_ place: Int, _ sigmoid: OperatorGraph.Node, _ graph: inout GraphEditor) -> Bool {
        guard let op = sigmoid.op as? HardSigmoidOperator, case .hardSigmoid(let a, let b)? = op.elementFunction([]),
            let taker = graph.soleTaker(of: sigmoid.outputs[0]), let (product, _) = graph.node(taker, MulOperator.self),
            product.inputs.contains(sigmoid.inputs[0])
        else { return false }
        put(.hardSwish(a, b), [place, taker], x: sigmoid.inputs[0], product, &graph)
        return true
    }

    /// ½ · x · (1 + erf(x / √2)), its factors in any order.
    private func joinGelu(_ place: Int, _ erf: OperatorGraph.Node, _ graph: inout GraphEditor) -> Bool {
        guard let maker = graph.maker(of: erf.inputs[0]), let inner = graph.nodes[maker],
            graph.soleTaker(of: erf.inputs[0]) == place, let (x, scale) = graph.scalarOperand(of: inner)
        else { return false }
        let isQuotient = inner.op is DivOperator && inner.inputs[0] == x && Self.near(scale, 1.414_213_6)
        guard isQuotient || (inner.op is MulOperator && Self.near(scale, 0.707_106_8)),
            let end = halfOfSum(of: place, x: x, graph)
        else { return false }
        put(.gelu, [maker, place] + end.places, x: x, end.last, &graph)
        return true
    }

    /// ½ · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))), its factors in any order.
    private func joinGeluByTangent(_ place: Int, _ tanh: OperatorGraph.Node, _ graph: inout GraphEditor) -> Bool {
        guard let outer = graph.maker(of: tanh.inputs[0]), graph.soleTaker(of: tanh.inputs[0]) == place,
            let (scaled, _) = graph.node(outer, MulOperator.self),
            let (sumName, factor) = graph.scalarOperand(of: scaled), Self.near(factor, 0.797_884_6),
            graph.soleTaker(of: sumName) == outer,
            let (sum, _) = graph.node(graph.maker(of: sumName), AddOperator.self),
            let sumPlace = graph.maker(of: sumName)
        else { return false }
        for (x, other) in [(sum.inputs[0], sum.inputs[1]), (sum.inputs[1], sum.inputs[0])] {
            guard let (cubic, _) = graph.node(graph.maker(of: other), MulOperator.self),
                graph.soleTaker(of: other) == sumPlace, let cubicPlace = graph.maker(of: other),
                let (cube, share) = graph.scalarOperand(of: cubic), Self.near(share, 0.044_715),
                let cubePlaces = places(ofCube: cube, x: x, takenBy: cubicPlace, graph),
                let end = halfOfSum(of: place, x: x, graph)
            else { continue }
            put(
                .geluByTangent, cubePlaces + [cubicPlace, sumPlace, outer, place] + end.places, x: x, end.last, &graph)
            return true
        }
        return false
    }

    /// The nodes that make x³: a power, or two products.
    private func places(ofCube cube: String, x: String, takenBy taker: Int, _ graph: GraphEditor) -> [Int]? {
        guard graph.soleTaker(of: cube) == taker, let maker = graph.maker(of: cube) else { return nil }
        if let (power, _) = graph.node(maker, PowOperator.self) {
            return power.inputs[0] == x && graph.scalar(power.inputs[1]) == 3 ? [maker] : nil
        }
        guard let (product, _) = graph.node(maker, MulOperator.self),
            let square = product.inputs.first(where: { $0 != x }), product.inputs.contains(x),
            graph.soleTaker(of: square) == maker, let squarePlace = graph.maker(of: square),
            let (inner, _) = graph.node(squarePlace, MulOperator.self), inner.inputs == [x, x]
        else { return nil }
        return [squarePlace, maker]
    }

    /// The nodes that make ½ · x · (1 + v) of the value v that a node makes, and the last of them.
    private func halfOfSum(
        of place: Int, x: String, _ graph: GraphEditor
    ) -> (places: [Int], last: OperatorGraph.Node)? {
        guard let value = graph.nodes[place]?.outputs.first, let sumPlace = graph.soleTaker(of: value),
            let (sum, _) = graph.node(sumPlace, AddOperator.self), graph.scalarOperand(of: sum)?.scalar == 1
        else { return nil }
        var (places, current, hasX, hasHalf) = ([sumPlace], sum, false, false)
        while !(hasX && hasHalf) {
            guard let next = graph.soleTaker(of: current.outputs[0]),
                let (product, _) = graph.node(next, MulOperator.self),
                let other = product.inputs.first(where: { $0 != current.outputs[0] })
            else { return nil }
            if other == x, !hasX {
                hasX = true
            } else if graph.scalar(other) == 0.5, !hasHalf {
                hasHalf = true
            } else if !hasX, !hasHalf, let maker = graph.maker(of: other), graph.soleTaker(of: other) == next,
                let (half, _) = graph.node(maker, MulOperator.self), let operand = graph.scalarOperand(of: half),
                operand == (x, 0.5)
            {
                (hasX, hasHalf) = (true, true)
                places.append(maker)
            } else {
                return nil
            }
            places.append(next)
            current = product
        }
        return (places, current)
    }

    private func put(
        _ function: ElementFunction, _ places: [Int], x: String, _ last: OperatorGraph.Node, _ graph: inout GraphEditor
    ) {
        graph.replace(
            places,
            with: OperatorGraph.Node(
                name: last.name, op: FunctionOperator(function), inputs: [x], outputs: last.outputs,
                fused: places.compactMap { graph.nodes[$0]?.name }))
    }

    private static func near(_ a: Float, _ b: Float) -> Bool { abs(a - b) <= 1e-4 * b }
}
