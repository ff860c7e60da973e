internal import MLOpsTensor

/// Multiplies batch normalization into the convolution before it: its weights and bias do both.
struct BatchNormalizationFolding: GraphPass {
    let name = "batch normalization folding"

    func apply(to graph: inout GraphEditor) throws -> Int {
        try graph.places(of: BatchNormalizationOperator.self).count { try fold($0, &graph) }
    }

    private func fold(_ place: Int, _ graph: inout GraphEditor) throws -> Bool {
        guard let (node, op) = graph.node(place, BatchNormalizationOperator.self),
            let maker = graph.maker(of: node.inputs[0]), graph.soleTaker(of: node.inputs[0]) == place,
            let (convolution, operation) = graph.node(maker, ConvOperator.self),
            let weights = graph.constant(convolution.inputs[1]), let filters = weights.shape.first, filters > 0
        else { return false }
        let biasName = convolution.inputs.count > 2 ? convolution.inputs[2] : ""
        let bias = biasName.isEmpty ? nil : graph.constant(biasName)
        guard biasName.isEmpty || bias != nil,
            let numbers = try op.channelNumbers(node.inputs.dropFirst().map { graph.constant($0) }),
            numbers.scale.count == filters, bias.map({ $0.shape == [filters] }) ?? true
        else { return false }
        let (newBias, oldBias) = (Tensor(unwritten: [filters]), try bias?.floats().values)
        for k in 0..<filters {
            newBias.pointer[k] = Float(Double(oldBias?[k] ?? 0) * numbers.scale[k] + numbers.shift[k])
        }
        let packed = try PackedConvolutionOperator(
            operation, weights: weights, scales: numbers.scale.map { Float($0) }, bias: Value(floats: newBias))
        graph.replace(
            [maker, place],
            with: OperatorGraph.Node(
                name: convolution.name, op: packed, inputs: [convolution.inputs[0]], outputs: node.outputs,
                fused: convolution.fused + [node.name]))
        return true
    }
}
