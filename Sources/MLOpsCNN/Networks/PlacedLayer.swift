internal import MLOpsCore

/// A layer of a description at its place: what its tensors are found by, and what goes in and out.
package struct PlacedLayer: Sendable {
    /// The layer.
    package let spec: LayerSpec
    /// Its number in the order of the description; a residual comes before the layers inside it.
    package let index: Int
    /// The shape of an example that goes in.
    package let input: FeatureShape
    /// The shape of an example that comes out.
    package let output: FeatureShape
    /// Whether batch normalization follows, which takes off what a bias would add.
    package let isNormalized: Bool
    /// The layers inside a residual.
    package let body: [PlacedLayer]
    /// The layers of a residual's shortcut.
    package let shortcut: [PlacedLayer]

    /// The layer and those inside it, in the order of their numbers.
    package var all: [PlacedLayer] { [self] + body.flatMap(\.all) + shortcut.flatMap(\.all) }
}

extension NetworkSpec {
    /// The layers at their places, for pictures of a shape.
    ///
    /// - Throws: what ``shapes(for:)`` throws.
    package func placed(for input: FeatureShape) throws -> [PlacedLayer] {
        guard classes != nil else {
            throw MLOpsError(
                .invalidArgument, "The network '\(name)' does not end in a dense layer.",
                help: "Let the last layer be .dense(units:), with a unit for each class.")
        }
        var index = 0
        return try placed(layers, input, &index)
    }

    private func placed(
        _ layers: [LayerSpec], _ input: FeatureShape, _ index: inout Int
    ) throws -> [PlacedLayer] {
        var result: [PlacedLayer] = []
        for (place, layer) in layers.enumerated() {
            let shape = result.last?.output ?? input
            let output = try layer.outputShape(for: shape)
            guard output.count <= 1 << 28 else {
                throw MLOpsError(
                    .invalidArgument, "The layer \(layer) of '\(name)' gives \(output.count) values for one picture.",
                    help: "Use fewer filters, smaller pictures, or pooling.")
            }
            let own = index
            index += 1
            var (body, shortcut): ([PlacedLayer], [PlacedLayer]) = ([], [])
            if case .residual(let layers, let others) = layer {
                body = try placed(layers, shape, &index)
                shortcut = try placed(others, shape, &index)
            }
            result.append(
                PlacedLayer(
                    spec: layer, index: own, input: shape, output: output,
                    isNormalized: place + 1 < layers.count && layers[place + 1] == .batchNorm, body: body,
                    shortcut: shortcut))
        }
        return result
    }
}
