/// A tensor that a network holds: learned weights, or statistics that batch normalization gathers.
package struct ParameterSpec: Sendable, Hashable {
    /// What the tensor is to its layer.
    package enum Role: String, Sendable {
        /// Weights of a convolution [R, S, C / groups, K], or of a dense layer [inputs, units].
        case weights
        /// What is added to each channel after the weights.
        case bias
        /// What a normalized channel is multiplied by.
        case scale
        /// What is added to a normalized channel.
        case shift
        /// The running mean of a channel.
        case mean
        /// The running variance of a channel.
        case variance

        /// Whether an optimizer changes it.
        package var isLearned: Bool { self != .mean && self != .variance }
    }

    /// The number of the layer in its network, ``PlacedLayer/index``.
    package let layer: Int
    /// The name, such as `convolution1.weights`; unique in a network.
    package let name: String
    /// What it is.
    package let role: Role
    /// The extent of each dimension.
    package let shape: [Int]

    /// The number of elements.
    package var count: Int { shape.reduce(1, *) }
}

extension NetworkSpec {
    /// Every tensor that the network holds for pictures of a shape, in a fixed order.
    package func parameters(for input: FeatureShape) throws -> [ParameterSpec] {
        var numbers: [String: Int] = [:]
        var result: [ParameterSpec] = []
        for layer in try placed(for: input).flatMap(\.all) {
            let (kind, tensors) = layer.spec.tensors(for: layer.input, hasBias: !layer.isNormalized)
            guard !tensors.isEmpty else { continue }
            numbers[kind, default: 0] += 1
            for (role, extents) in tensors {
                result.append(
                    ParameterSpec(
                        layer: layer.index, name: "\(kind)\(numbers[kind] ?? 0).\(role.rawValue)", role: role,
                        shape: extents)
                )
            }
        }
        return result
    }
}

extension LayerSpec {
    /// The kind of the layer, and the tensors that it holds when `input` goes in.
    fileprivate func tensors(
        for input: FeatureShape, hasBias: Bool
    ) -> (String, [(ParameterSpec.Role, [Int])]) {
        switch self {
        case .convolution(let filters, let kernel, _, _):
            let weights = (ParameterSpec.Role.weights, [kernel, kernel, input.channels, filters])
            return ("convolution", hasBias ? [weights, (.bias, [filters])] : [weights])
        case .depthwiseConvolution(let kernel, _, _):
            let weights = (ParameterSpec.Role.weights, [kernel, kernel, 1, input.channels])
            return ("depthwise", hasBias ? [weights, (.bias, [input.channels])] : [weights])
        case .groupNorm:
            return ("groupNorm", [(.scale, [input.channels]), (.shift, [input.channels])])
        case .batchNorm:
            let roles: [ParameterSpec.Role] = [.scale, .shift, .mean, .variance]
            return ("batchNorm", roles.map { ($0, [input.channels]) })
        case .dense(let units):
            return ("dense", [(.weights, [input.count, units]), (.bias, [units])])
        case .relu, .relu6, .gelu, .silu, .maxPool, .averagePool, .dropout, .globalAveragePool, .residual:
            return ("", [])
        }
    }
}
