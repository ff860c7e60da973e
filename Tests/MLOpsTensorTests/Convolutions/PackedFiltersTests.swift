import MLOpsTensor
import Testing

@Suite struct PackedFiltersTests {
    /// Weights `[R, S, C / groups, K]` as a model file states them, `[K, C / groups, R, S]`.
    private func stated(_ weights: Tensor) -> Tensor {
        let s = weights.shape
        let result = Tensor(shape: [s[3], s[2], s[0], s[1]])
        let taps = s[0] * s[1]
        for tap in 0..<taps {
            for c in 0..<s[2] {
                for k in 0..<s[3] {
                    result.pointer[(k * s[2] + c) * taps + tap] = weights.pointer[(tap * s[2] + c) * s[3] + k]
                }
            }
        }
        return result
    }

    private func pack(
        _ weights: Tensor, _ sample: ConvolutionCase, images: [Int], scales: [Float]? = nil, _ compute: Compute
    ) -> PackedFilters {
        let stated = stated(weights)
        return PackedFilters(
            stated.pointer, shape: stated.shape, scales: scales, geometry: sample.geometry, images: images, compute)
    }

    @Test(arguments: ConvolutionCase.all)
    func theConvolutionIsItsDefinition(_ sample: ConvolutionCase) {
        let x = Samples.tensor(sample.x)
        let weights = Samples.tensor(sample.weights, seed: 2)
        let scales = (0..<sample.outputs).map { 1 + Float($0 % 7) / 4 }
        let scaled = Samples.copy(weights)
        for i in 0..<scaled.count { scaled.pointer[i] *= scales[i % sample.outputs] }
        let (bias, expected) = (Samples.tensor([sample.outputs], seed: 3), Tensor(shape: sample.y))
        Reference.convolution(x, weights: scaled, bias: bias, geometry: sample.geometry, into: expected)
        for compute in Samples.computes {
            let y = Samples.unwritten(sample.y)
            compute.convolution(
                x, filters: pack(weights, sample, images: sample.x, scales: scales, compute), bias: bias,
                geometry: sample.geometry, addend: nil, function: .identity, into: y)
            #expect(Samples.distance(y, expected) < 1e-5, "\(compute.instructionSet)")
        }
    }

    /// Images of other sizes than those that the weights were laid out for.
    @Test(arguments: [
        [[1, 4, 4, 16], [5, 4, 4, 16], [1, 9, 9, 16]],
        [[1, 9, 9, 16], [1, 4, 4, 16], [1, 1, 12, 16], [2, 1, 1, 16]],
    ])
    func imagesOfAnySizeAreServed(_ sizes: [[Int]]) {
        for outputs in [16, 24, 40] {
            let geometry = ConvolutionGeometry(kernel: 3, padding: 1)
            let weights = Samples.tensor([3, 3, 16, outputs], seed: 2)
            for compute in Samples.computes {
                let first = ConvolutionCase(sizes[0], outputs, geometry)
                let filters = pack(weights, first, images: sizes[0], compute)
                for size in sizes + sizes {
                    let sample = ConvolutionCase(size, outputs, geometry)
                    let (x, expected) = (Samples.tensor(size), Tensor(shape: sample.y))
                    let y = Samples.unwritten(sample.y)
                    Reference.convolution(x, weights: weights, bias: nil, geometry: geometry, into: expected)
                    compute.convolution(
                        x, filters: filters, bias: nil, geometry: geometry, addend: nil, function: .identity, into: y)
                    #expect(Samples.distance(y, expected) < 1e-5, "\(compute.instructionSet), \(size)")
                }
            }
        }
    }

    /// Few tiles and many filters go by small tiles, of which the points become panels for larger batches; odd sizes leave
    /// rows and columns over.
    @Test(arguments: [
        [[1, 8, 8, 256], [9, 8, 8, 256], [1, 3, 3, 256], [1, 8, 8, 256]],
        [[9, 8, 8, 256], [1, 8, 8, 256]],
        [[1, 3, 3, 256], [1, 5, 7, 256], [1, 8, 8, 256]],
        [[1, 7, 5, 256], [1, 7, 7, 256]],
    ])
    func fewTilesWithManyFiltersAreServed(_ sizes: [[Int]]) {
        let geometry = ConvolutionGeometry(kernel: 3, padding: 1)
        let weights = Samples.tensor([3, 3, 256, 128], seed: 2)
        let bias = Samples.tensor([128], seed: 3)
        let kept = Samples.computes.map {
            pack(weights, ConvolutionCase(sizes[0], 128, geometry), images: sizes[0], $0)
        }
        for size in sizes {
            let (x, shape) = (Samples.tensor(size), ConvolutionCase(size, 128, geometry).y)
            let expected = Tensor(shape: shape)
            Reference.convolution(x, weights: weights, bias: bias, geometry: geometry, into: expected)
            for i in 0..<expected.count { expected.pointer[i] = max(0, expected.pointer[i]) }
            for (compute, filters) in zip(Samples.computes, kept) {
                let (y, z) = (Samples.unwritten(shape), Samples.unwritten(shape))
                compute.convolution(
                    x, filters: filters, bias: bias, geometry: geometry, addend: nil,
                    function: .clamp(0, .infinity), into: y)
                #expect(Samples.distance(y, expected) < 1e-5, "\(compute.instructionSet), \(size)")
                compute.convolution(
                    x, activation: nil, weights: weights, bias: bias, packed: PackedWeights(), geometry: geometry,
                    function: .clamp(0, .infinity), into: z, moments: nil)
                #expect(Samples.distance(z, expected) < 1e-5, "\(compute.instructionSet), \(size)")
            }
        }
    }

    /// The maxima of windows of 2 × 2, by tiles of either size, by the direct product, and after a function that is no bound.
    @Test(arguments: [
        ConvolutionCase([3, 10, 12, 16], 32, ConvolutionGeometry(kernel: 3, padding: 1)),
        ConvolutionCase([1, 8, 6, 256], 128, ConvolutionGeometry(kernel: 3, padding: 1)),
        ConvolutionCase([2, 12, 10, 16], 24, ConvolutionGeometry(kernel: 3)),
        ConvolutionCase([2, 6, 4, 16], 7, ConvolutionGeometry(kernel: 3, padding: 1)),
        ConvolutionCase([1, 8, 8, 5], 16, ConvolutionGeometry(kernel: 5, padding: 2)),
    ])
    func maximaOfWindowsAreTaken(_ sample: ConvolutionCase) {
        let (x, weights) = (Samples.tensor(sample.x), Samples.tensor(sample.weights, seed: 2))
        let bias = Samples.tensor([sample.outputs], seed: 3)
        let shape = [sample.y[0], sample.y[1] / 2, sample.y[2] / 2, sample.y[3]]
        for function in [ElementFunction.clamp(0, 0.5), .swish(1)] {
            for compute in Samples.computes {
                let filters = pack(weights, sample, images: sample.x, compute)
                let (whole, expected) = (Samples.unwritten(sample.y), Samples.unwritten(shape))
                compute.convolution(
                    x, filters: filters, bias: bias, geometry: sample.geometry, addend: nil, function: function,
                    into: whole)
                compute.maxPool(whole, geometry: PoolingGeometry(window: 2), into: expected)
                let y = Samples.unwritten(shape)
                compute.pooledConvolution(
                    x, filters: filters, bias: bias, geometry: sample.geometry, shape: sample.y, function: function,
                    into: y)
                #expect(Samples.distance(y, expected) < 1e-6, "\(compute.instructionSet), \(function)")
            }
        }
    }

    /// What is no number spreads over the maxima as it does over the pixels, by tiles of either size.
    @Test(arguments: [
        ConvolutionCase([1, 12, 12, 16], 16, ConvolutionGeometry(kernel: 3, padding: 1)),
        ConvolutionCase([1, 8, 8, 256], 128, ConvolutionGeometry(kernel: 3, padding: 1)),
        ConvolutionCase([1, 16, 16, 4], 32, ConvolutionGeometry(kernel: 3, padding: 1)),
        ConvolutionCase([1, 16, 16, 32], 32, ConvolutionGeometry(kernel: 1)),
    ])
    func notANumberSpreads(_ sample: ConvolutionCase) {
        let (x, weights) = (Samples.tensor(sample.x), Samples.tensor(sample.weights, seed: 2))
        let bias = Samples.tensor([sample.outputs], seed: 3)
        x.pointer[(5 * sample.x[2] + 6) * sample.x[3] + 3] = .nan
        let shape = [1, sample.y[1] / 2, sample.y[2] / 2, sample.y[3]]
        for compute in Samples.computes {
            let filters = pack(weights, sample, images: sample.x, compute)
            let (whole, expected, y) = (Samples.unwritten(sample.y), Samples.unwritten(shape), Samples.unwritten(shape))
            compute.convolution(
                x, filters: filters, bias: bias, geometry: sample.geometry, addend: nil,
                function: .clamp(0, .infinity), into: whole)
            compute.maxPool(whole, geometry: PoolingGeometry(window: 2), into: expected)
            compute.pooledConvolution(
                x, filters: filters, bias: bias, geometry: sample.geometry, shape: sample.y,
                function: .clamp(0, .infinity), into: y)
            #expect((0..<y.count).allSatisfy { y.pointer[$0].isNaN == expected.pointer[$0].isNaN })
            #expect((0..<y.count).contains { y.pointer[$0].isNaN })
        }
    }
}
