internal import MLOpsCore
internal import MLOpsTensor

/// Finds layer normalization that is written as its steps: d = x − mean(x), d / √(mean(d²) + ε) · scale + shift.
struct LayerNormalizationRecognition: GraphPass {
    let name = "layer normalization recognition"

    func apply(to graph: inout GraphEditor) throws -> Int {
        graph.places(of: SqrtOperator.self).count { join($0, &graph) }
    }

    private func join(_ root: Int, _ graph: inout GraphEditor) -> Bool {
        guard let (sqrt, _) = graph.node(root, SqrtOperator.self), graph.soleTaker(of: sqrt.inputs[0]) == root,
            let sumPlace = graph.maker(of: sqrt.inputs[0]), let (sum, _) = graph.node(sumPlace, AddOperator.self),
            let (variance, epsilon) = graph.scalarOperand(of: sum), graph.soleTaker(of: variance) == sumPlace,
            let variancePlace = graph.maker(of: variance), let square = row(variancePlace, graph),
            graph.soleTaker(of: square) == variancePlace, let squarePlace = graph.maker(of: square),
            let difference = base(ofSquare: squarePlace, graph), let differencePlace = graph.maker(of: difference),
            let (subtraction, _) = graph.node(differencePlace, SubOperator.self),
            let meanPlace = graph.maker(of: subtraction.inputs[1]), row(meanPlace, graph) == subtraction.inputs[0],
            graph.soleTaker(of: subtraction.inputs[1]) == differencePlace,
            let quotientPlace = graph.soleTaker(of: sqrt.outputs[0]),
            let (quotient, _) = graph.node(quotientPlace, DivOperator.self),
            quotient.inputs == [difference, sqrt.outputs[0]],
            // d is taken by its square, which may take it twice, and by the quotient.
            Set(graph.takers(of: difference)) == [squarePlace, quotientPlace], !graph.isOutput(difference)
        else { return false }
        let x = subtraction.inputs[0]
        guard let size = graph.types[x]?.shape?.last, size > 0,
            let scaledPlace = graph.soleTaker(of: quotient.outputs[0]),
            let (scaled, _) = graph.node(scaledPlace, MulOperator.self),
            let scale = scaled.inputs.first(where: { isRow($0, size, graph) })
        else { return false }
        var places = [
            root, sumPlace, variancePlace, squarePlace, differencePlace, meanPlace, quotientPlace, scaledPlace,
        ]
        var (last, inputs) = (scaled, [x, scale])
        if let place = graph.soleTaker(of: scaled.outputs[0]), let (shifted, _) = graph.node(place, AddOperator.self),
            let shift = shifted.inputs.first(where: { isRow($0, size, graph) })
        {
            places.append(place)
            inputs.append(shift)
            last = shifted
        }
        graph.replace(
            places,
            with: OperatorGraph.Node(
                name: last.name, op: LayerNormalizationOperator(axis: -1, epsilon: epsilon), inputs: inputs,
                outputs: last.outputs, fused: places.compactMap { graph.nodes[$0]?.name }))
        return true
    }

    /// The input of a mean along the last axis that keeps its rank.
    private func row(_ place: Int, _ graph: GraphEditor) -> String? {
        guard let (node, mean) = graph.node(place, ReduceMeanOperator.self), let input = node.inputs.first,
            let shape = graph.types[input]?.shape, graph.types[node.outputs[0]]?.shape?.count == shape.count,
            let axes = try? mean.axes.resolve(
                node.inputs.count > 1 ? graph.constant(node.inputs[1])?.integers() : nil, rank: shape.count),
            axes == [shape.count - 1]
        else { return nil }
        return input
    }

    /// What a node squares.
    private func base(ofSquare place: Int, _ graph: GraphEditor) -> String? {
        if let (power, _) = graph.node(place, PowOperator.self) {
            return graph.scalar(power.inputs[1]) == 2 ? power.inputs[0] : nil
        }
        guard let (product, _) = graph.node(place, MulOperator.self), product.inputs[0] == product.inputs[1] else {
            return nil
        }
        return product.inputs[0]
    }

    private func isRow(_ name: String, _ size: Int, _ graph: GraphEditor) -> Bool {
        guard let value = graph.constant(name), value.elementType == .float32 else { return false }
        return value.shape == [size]
    }
}
