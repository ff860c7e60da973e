internal import MLOpsTensor

/// Packs the weights of convolutions, and lets each do what follows it: a sum with another value, as around a residual
/// block, and then a function of each element, and then the maximum of each window of 2 × 2 pixels.
struct ConvolutionFusion: GraphPass {
    let name = "convolution fusion"

    func apply(to graph: inout GraphEditor) throws -> Int {
        var count = 0
        for place in graph.places(of: ConvOperator.self) {
            guard let (node, op) = graph.node(place, ConvOperator.self), let x = node.inputs.first,
                let weights = graph.constant(node.inputs[1])
            else { continue }
            let biasName = node.inputs.count > 2 ? node.inputs[2] : ""
            let bias = biasName.isEmpty ? nil : graph.constant(biasName)
            guard biasName.isEmpty || bias != nil else { continue }
            graph.replace(
                [place],
                with: OperatorGraph.Node(
                    name: node.name, op: try PackedConvolutionOperator(op, weights: weights, bias: bias), inputs: [x],
                    outputs: node.outputs, fused: node.fused))
        }
        for place in graph.places(of: PackedConvolutionOperator.self) {
            var place = place
            while let next = graph.absorbFollower(of: place, as: PackedConvolutionOperator.self) {
                place = next
                count += 1
            }
            if try absorbPooling(of: place, &graph) { count += 1 }
        }
        return count
    }

    /// Lets a convolution of 3 × 3 write the maxima of what it gives: such kernels work on tiles of pixels.
    private func absorbPooling(of place: Int, _ graph: inout GraphEditor) throws -> Bool {
        guard var (node, op) = graph.node(place, PackedConvolutionOperator.self), op.canPool,
            let output = node.outputs.first, let shape = graph.types[output]?.shape, shape.count == 4,
            shape[2] > 0, shape[3] > 0, shape[2] % 2 == 0, shape[3] % 2 == 0,
            let next = graph.soleTaker(of: output), let (pooling, pool) = graph.node(next, MaxPoolOperator.self),
            pool.isPlain,
            try pool.axes(for: shape).allSatisfy({
                ($0.kernel, $0.stride, $0.paddingBefore, $0.paddingAfter) == (2, 2, 0, 0)
            })
        else { return false }
        op.pools = true
        node.op = op
        node.outputs = pooling.outputs
        node.fused.append(pooling.name)
        graph.replace([place, next], with: node)
        return true
    }
}

/// An operator that can do what follows it on the elements that it makes.
protocol FinishingOperator: Operator {
    var function: ElementFunction { get set }
    var hasAddend: Bool { get set }
    /// Whether what follows can still be taken in.
    var takesFunction: Bool { get }
}

extension PackedConvolutionOperator: FinishingOperator {
    var takesFunction: Bool { function == .identity && !pools }
}
extension ProductOperator: FinishingOperator {
    var takesFunction: Bool { function == .identity }
}

extension GraphEditor {
    /// Lets a node do what the only node that takes its output does: add another value of the same known shape, or a
    /// function of each element.
    ///
    /// - Returns: the place where the node stands now; `nil` when there is nothing to do.
    mutating func absorbFollower<Op: FinishingOperator>(of place: Int, as type: Op.Type) -> Int? {
        guard var (node, op) = node(place, type), op.takesFunction, let output = node.outputs.first,
            let next = soleTaker(of: output), let follower = nodes[next]
        else { return nil }
        if let function = (follower.op as? any ElementFunctionOperator)?.elementFunction(
            follower.inputs.map { types[$0] }),
            follower.inputs[0] == output
        {
            op.function = function
        } else if follower.op is AddOperator, !op.hasAddend,
            let other = follower.inputs.first(where: { $0 != output }), let shape = types[output]?.shape,
            !shape.contains(-1), types[other]?.shape == shape
        {
            op.hasAddend = true
            node.inputs.append(other)
        } else {
            return nil
        }
        node.op = op
        node.outputs = follower.outputs
        node.fused.append(follower.name)
        replace([place, next], with: node)
        return max(place, next)
    }
}
