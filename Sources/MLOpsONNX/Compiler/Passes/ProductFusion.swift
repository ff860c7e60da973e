internal import MLOpsCore
internal import MLOpsTensor

/// Packs the constant matrix of products, and lets each add its bias and do what follows it.
struct ProductFusion: GraphPass {
    let name = "product fusion"

    func apply(to graph: inout GraphEditor) throws -> Int {
        var count = 0
        for place in graph.places(of: MatMulOperator.self) {
            guard let (node, _) = graph.node(place, MatMulOperator.self), let matrix = graph.constant(node.inputs[1]),
                matrix.shape.count == 2, matrix.elementType == .float32,
                graph.types[node.inputs[0]]?.shape?.count ?? 0 >= 2
            else { continue }
            replace(place, node, ProductOperator(matrix, transposed: false), &graph)
        }
        for place in graph.places(of: GemmOperator.self) {
            guard let (node, op) = graph.node(place, GemmOperator.self), op.isPlain,
                let matrix = graph.constant(node.inputs[1]), matrix.shape.count == 2
            else { continue }
            var product = ProductOperator(matrix, transposed: op.transposesB)
            if node.inputs.count > 2, !node.inputs[2].isEmpty {
                guard let bias = graph.constant(node.inputs[2]), let sum = try product.adding(bias) else { continue }
                product = sum
            }
            replace(place, node, product, &graph)
        }
        for place in graph.places(of: ProductOperator.self) {
            var place = place
            if let next = try addBias(place, &graph) {
                place = next
                count += 1
            }
            while let next = graph.absorbFollower(of: place, as: ProductOperator.self) {
                place = next
                count += 1
            }
        }
        return count
    }

    private func replace(
        _ place: Int, _ node: OperatorGraph.Node, _ product: ProductOperator, _ graph: inout GraphEditor
    ) {
        graph.replace(
            [place],
            with: OperatorGraph.Node(
                name: node.name, op: product, inputs: [node.inputs[0]], outputs: node.outputs, fused: node.fused))
    }

    private func addBias(_ place: Int, _ graph: inout GraphEditor) throws -> Int? {
        guard var (node, op) = graph.node(place, ProductOperator.self), let next = graph.soleTaker(of: node.outputs[0]),
            let (sum, _) = graph.node(next, AddOperator.self),
            let other = sum.inputs.first(where: { $0 != node.outputs[0] }), let bias = graph.constant(other),
            // A bias of more dimensions than the product would give the sum another shape.
            let rank = graph.types[node.outputs[0]]?.shape?.count, bias.shape.count <= rank,
            let product = try op.adding(bias)
        else { return nil }
        op = product
        node.op = op
        node.outputs = sum.outputs
        node.fused.append(sum.name)
        graph.replace([place, next], with: node)
        return max(place, next)
    }
}
