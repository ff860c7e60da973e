import MLOpsCNN
import MLOpsTensor
import Testing

@Suite("Gradients of layers")
struct GradientTests {
    static let networks: [NetworkSpec] = [
        NetworkSpec("dense", [.dense(units: 6), .dense(units: 3)]),
        NetworkSpec("convolution", [.convolution(filters: 5), .convolution(filters: 4), .dense(units: 3)]),
        NetworkSpec(
            "strided convolution",
            [
                .convolution(filters: 5, kernel: 5, stride: 2, padding: 2),
                .convolution(filters: 4, kernel: 1, padding: 0), .dense(units: 3),
            ]),
        NetworkSpec("batch norm", [.convolution(filters: 4), .batchNorm, .dense(units: 3)]),
        NetworkSpec("batch norm of vectors", [.dense(units: 7), .batchNorm, .dense(units: 3)]),
        NetworkSpec("global average pool", [.convolution(filters: 6), .globalAveragePool, .dense(units: 3)]),
        NetworkSpec("dropout", [.convolution(filters: 4), .dropout(rate: 0.4), .dense(units: 3)]),
        NetworkSpec("max pool", [.convolution(filters: 4), .maxPool(), .dense(units: 3)]),
        NetworkSpec(
            "overlapping max pool", [.convolution(filters: 4), .maxPool(size: 3, stride: 2), .dense(units: 3)]),
        NetworkSpec("ReLU", [.convolution(filters: 4), .relu, .dense(units: 8), .relu, .dense(units: 3)]),
        NetworkSpec(
            "ReLU that keeps its input",
            [.convolution(filters: 4), .maxPool(), .relu, .globalAveragePool, .relu, .dense(units: 3)]),
        NetworkSpec(
            "depthwise convolution",
            [
                .convolution(filters: 4), .depthwiseConvolution(),
                .depthwiseConvolution(kernel: 5, stride: 2, padding: 2),
                .dense(units: 3),
            ]),
        NetworkSpec("group norm", [.convolution(filters: 6), .groupNorm(groups: 3), .dense(units: 3)]),
        NetworkSpec("GELU", [.convolution(filters: 4), .gelu, .dense(units: 5), .gelu, .dense(units: 3)]),
        NetworkSpec("SiLU", [.convolution(filters: 4), .silu, .dense(units: 5), .silu, .dense(units: 3)]),
        NetworkSpec("ReLU6", [.convolution(filters: 4), .relu6, .dense(units: 3)]),
        NetworkSpec(
            "average pool", [.convolution(filters: 4), .averagePool(size: 3, stride: 2), .dense(units: 3)]),
        NetworkSpec(
            "padded max pool", [.convolution(filters: 4), .maxPool(size: 3, stride: 2, padding: 1), .dense(units: 3)]),
        NetworkSpec(
            "residual",
            [
                .convolution(filters: 4), .residual([.convolution(filters: 6), .gelu, .convolution(filters: 4)]),
                .residual([.silu]), .dense(units: 3),
            ]),
        NetworkSpec(
            "residual with a shortcut",
            [
                .residual(
                    [.convolution(filters: 5, stride: 2), .batchNorm, .gelu, .convolution(filters: 5)],
                    shortcut: [.convolution(filters: 5, kernel: 1, stride: 2, padding: 0)]),
                .globalAveragePool, .dense(units: 3),
            ]),
        NetworkSpec(
            "residuals with kinks",
            [
                .convolution(filters: 4), .batchNorm, .relu,
                .residual([.convolution(filters: 4), .batchNorm, .relu, .convolution(filters: 4), .batchNorm]), .relu,
                .residual([.relu, .residual([.relu6])]), .dense(units: 3),
            ]),
    ]

    static let layers: [(String, LayerSpec)] = [
        ("convolution", .convolution(filters: 5)),
        ("stridedConvolution", .convolution(filters: 5, kernel: 5, stride: 2, padding: 2)),
        ("depthwiseConvolution", .depthwiseConvolution(stride: 2)), ("batchNorm", .batchNorm),
        ("groupNorm", .groupNorm(groups: 2)), ("relu", .relu), ("relu6", .relu6), ("gelu", .gelu), ("silu", .silu),
        ("maxPool", .maxPool(size: 3, stride: 2, padding: 1)), ("averagePool", .averagePool()),
        ("globalAveragePool", .globalAveragePool), ("dense", .dense(units: 7)),
        ("residual", .residual([.convolution(filters: 4), .silu])),
    ]

    @Test("are PyTorch's to 1e-5", arguments: layers)
    func arePyTorchs(name: String, layer: LayerSpec) throws {
        let oracle = try #require(try Oracles.load().layers[name])
        // A convolution before batch normalization has no bias, and in PyTorch's network one of no effect.
        let hasBias = layer != .batchNorm
        let spec = NetworkSpec(name, [.convolution(filters: 4, kernel: 1, padding: 0), layer, .dense(units: 3)])
        let network = try Network(spec, input: FeatureShape(height: 5, width: 6, channels: 3), seed: 0)
        let expected = hasBias ? oracle : [oracle[0]] + oracle.dropFirst(2)
        try #require(network.learned.count == expected.count)
        for (index, parameter) in network.learned.enumerated() {
            let salt = UInt32(30 + (hasBias || index == 0 ? index : index + 1))
            let (factor, start): (Float, Float) = (index == 0 ? 2 : 0.5, parameter.spec.role == .scale ? 1 : 0)
            for (i, value) in plainSequence(parameter.value.count, salt: salt).enumerated() {
                parameter.value.pointer[i] = start + factor * value
            }
        }
        let input = try Tensor(shape: [2, 5, 6, 3], values: plainSequence(180, salt: 20).map { 1.5 * $0 })
        let r = try Tensor(shape: [2, 3], values: plainSequence(6, salt: 21))
        for compute in InstructionSet.available.map({ Compute(threads: 2, instructionSet: $0) }) {
            _ = network.forward(input, .training(seed: 0, step: 0), compute: compute)
            let gradient = network.logitsGradient(batchSize: 2)
            gradient.copy(from: r)
            network.backward(gradient, compute: compute)
            for (parameter, expected) in zip(network.learned, expected) {
                let gradient = parameter.gradient.values
                try #require(gradient.count == expected.count)
                let length = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
                let difference = zip(gradient, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
                #expect(difference <= 1e-5 * max(1, length), "\(parameter.spec.name): \(difference) of \(length)")
            }
        }
    }

    /// Σ r·logits in double precision, with fixed r: its gradient for the logits is r.
    private func loss(_ network: Network, _ input: Tensor, _ r: [Float], _ compute: Compute) -> Double {
        let logits = network.forward(input, .training(seed: 3, step: 5), compute: compute)
        return zip(logits.values, r).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    @Test("agree with central differences", arguments: networks)
    func agreeWithCentralDifferences(spec: NetworkSpec) throws {
        let compute = Compute(threads: 2)
        let shape = FeatureShape(height: 7, width: 8, channels: 3)
        let network = try Network(spec, input: shape, seed: 1)
        let input = try Tensor(shape: shape.batched(4), values: plainSequence(4 * shape.count, salt: 9))
        let r = plainSequence(4 * 3, salt: 10)
        _ = loss(network, input, r, compute)
        network.backward(try Tensor(shape: [4, 3], values: r), compute: compute)
        let hasKinks = try spec.placed(for: shape).flatMap(\.all).contains {
            switch $0.spec {
            case .relu, .relu6, .maxPool: true
            default: false
            }
        }
        // Where a value crosses a kink the difference quotient is off, so steps are short there.
        let step: Float = hasKinks ? 0.0005 : 0.004
        for parameter in network.learned {
            let gradient = parameter.gradient.values
            // A plain sum of logits does not depend on what is constant over the batch before a normalization.
            guard gradient.contains(where: { abs($0) > 1e-4 }) else { continue }
            var (difference, length) = (0.0, 0.0)
            for i in stride(from: 0, to: parameter.value.count, by: max(1, parameter.value.count / 12)) {
                let start = parameter.value.pointer[i]
                parameter.value.pointer[i] = start + step
                let above = loss(network, input, r, compute)
                parameter.value.pointer[i] = start - step
                let below = loss(network, input, r, compute)
                parameter.value.pointer[i] = start
                let expected = (above - below) / (2 * Double(step))
                difference += (expected - Double(gradient[i])) * (expected - Double(gradient[i]))
                length += expected * expected
            }
            let relative = (difference / max(length, 1e-12)).squareRoot()
            #expect(relative < (hasKinks ? 1e-2 : 1e-3), "\(spec.name) \(parameter.spec.name): \(relative)")
        }
    }
}
