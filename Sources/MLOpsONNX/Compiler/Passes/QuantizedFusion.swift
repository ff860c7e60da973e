internal import MLOpsCore
internal import MLOpsTensor

/// Joins an operator on the floats that 8-bit integers stand for with the operators around it that make them from
/// integers and turn them into integers again: what then runs is one step on integers.
///
/// Sums of products are exact, so a result differs by what the floats were rounded to: by one step at most.
struct QuantizedFusion: GraphPass {
    let name = "integer steps"

    func apply(to graph: inout GraphEditor) throws -> Int {
        var count = 0
        for place in graph.places(of: QuantizeLinearOperator.self) {
            guard let end = End(place, in: graph), let producer = graph.nodes[end.producer],
                let step = step(producer, end, graph)
            else { continue }
            let places = [end.producer, end.relu, place].compactMap { $0 }
            let fused = places.dropFirst().compactMap { graph.nodes[$0]?.name }
            graph.replace(
                places,
                with: OperatorGraph.Node(
                    name: producer.name, op: step.op, inputs: step.inputs, outputs: end.outputs,
                    fused: producer.fused + fused))
            count += 1
        }
        return count
    }

    /// The end of what is joined: a rectification or none, and what quantizes.
    private struct End {
        let producer: Int
        let relu: Int?
        let outputs: [String]
        let quantization: Quantization
        let elementType: ElementType

        init?(_ place: Int, in graph: GraphEditor) {
            guard let (node, op) = graph.node(place, QuantizeLinearOperator.self), op.isPlain,
                let type = graph.types[node.outputs[0]], type.isBytes,
                graph.types[node.inputs[0]]?.elementType == .float32, let quantization = graph.quantization(of: node),
                var producer = graph.maker(of: node.inputs[0]), graph.soleTaker(of: node.inputs[0]) == place
            else { return nil }
            var relu: Int?
            if let (node, _) = graph.node(producer, ReluOperator.self), let before = graph.maker(of: node.inputs[0]),
                graph.soleTaker(of: node.inputs[0]) == producer
            {
                (relu, producer) = (producer, before)
            }
            (self.producer, self.relu, self.quantization) = (producer, relu, quantization)
            (outputs, elementType) = (node.outputs, type.elementType)
        }
    }

    private func step(
        _ node: OperatorGraph.Node, _ end: End, _ graph: GraphEditor
    ) -> (op: any Operator, inputs: [String])? {
        guard node.inputs.count > 0, let x = graph.quantized(node.inputs[0]), let shape = x.type.shape else {
            return nil
        }
        let op: (any Operator)?
        switch node.op {
        case let convolution as ConvOperator where shape.count == 4:
            op = convolutionStep(convolution, node, x.quantization, end, graph)
        case let product as GemmOperator where shape.count == 2 && product.isPlain:
            op = productStep(node, product.transposesB ? [1, 0] : [0, 1], x.quantization, end, graph)
        case is MatMulOperator where shape.count == 2 || shape.count == 3:
            op = productStep(node, [0, 1], x.quantization, end, graph)
        case let add as AddOperator:
            guard let b = graph.quantized(node.inputs[1]), b.type.shape?.count == shape.count else { return nil }
            let step = IntegerSumStep(
                add: add, a: x.quantization, b: b.quantization, y: end.quantization, relu: end.relu != nil,
                elementType: end.elementType)
            return (step, [x.name, b.name])
        case let pool as MaxPoolOperator
        where shape.count == 4 && pool.isPlain && node.outputs.count == 1 && end.relu == nil
            && x.quantization == end.quantization && x.type.elementType == end.elementType:
            op = IntegerMaximumStep(pool: pool, elementType: end.elementType)
        default: op = nil
        }
        return op.map { ($0, [x.name]) }
    }

    private func convolutionStep(
        _ convolution: ConvOperator, _ node: OperatorGraph.Node, _ x: Quantization, _ end: End, _ graph: GraphEditor
    ) -> IntegerConvolutionStep? {
        guard let constant = graph.quantizedConstant(node.inputs[1]), constant.value.shape.count == 4 else {
            return nil
        }
        let s = constant.value.shape
        guard let bias = bias(node, graph),
            let weights = IntegerWeights(
                constant, axes: [2, 3, 1, 0], shape: [s[2], s[3], s[1], s[0]], groups: convolution.groups, bias: bias,
                input: x, output: end.quantization, as: end.elementType, relu: end.relu != nil)
        else { return nil }
        return IntegerConvolutionStep(convolution: convolution, kernelShape: s, weights: weights)
    }

    private func productStep(
        _ node: OperatorGraph.Node, _ axes: [Int], _ x: Quantization, _ end: End, _ graph: GraphEditor
    ) -> IntegerProductStep? {
        guard let constant = graph.quantizedConstant(node.inputs[1]), constant.value.shape.count == 2,
            let bias = bias(node, graph)
        else { return nil }
        let shape = [1, 1] + axes.map { constant.value.shape[$0] }
        return IntegerWeights(
            constant, axes: axes, shape: shape, groups: 1, bias: bias, input: x, output: end.quantization,
            as: end.elementType, relu: end.relu != nil
        ).map { IntegerProductStep(weights: $0, operatorName: type(of: node.op).name) }
    }

    /// The bias of a node, empty for none; `nil` when it is no constant vector.
    private func bias(_ node: OperatorGraph.Node, _ graph: GraphEditor) -> [Double]? {
        guard node.inputs.count > 2, !node.inputs[2].isEmpty else { return [] }
        return graph.types[node.inputs[2]]?.shape?.count == 1 ? graph.vector(node.inputs[2]) : nil
    }
}
