internal import MLOpsCore
internal import MLOpsTensor

/// `ConvTranspose`: each element of the input adds the weights [C, K / groups, …], times itself, to the output around its
/// place; the gradient of a convolution for its input. Any number of spatial axes.
struct ConvTransposeOperator: Operator {
    static let name = "ConvTranspose"
    static let inputCount = 2...3
    private enum Padding: String, CaseIterable { case NOTSET, VALID, SAME_UPPER, SAME_LOWER }
    private struct Axis { var kernel, stride, dilation, padding, output: Int }
    private let groups: Int
    private let kernel, strides, dilations, pads, outputPadding, outputShape: [Int]?
    private let padding: Padding

    init(_ node: inout NodeReader) throws {
        groups = try node.int("group") ?? 1
        kernel = try node.ints("kernel_shape")
        strides = try node.ints("strides")
        dilations = try node.ints("dilations")
        pads = try node.ints("pads")
        outputPadding = try node.ints("output_padding")
        outputShape = try node.ints("output_shape")
        padding = try node.choice("auto_pad", default: .NOTSET)
        let range = 0...(1 << 20)
        let positive = ([groups] + [strides, dilations].compactMap { $0 }.joined()).allSatisfy {
            (1...(1 << 20)).contains($0)
        }
        guard positive, [pads, outputPadding, outputShape].compactMap({ $0 }).joined().allSatisfy(range.contains) else {
            throw MLOpsError(
                .invalidArgument,
                "Strides \(strides ?? []), dilations \(dilations ?? []) or pads \(pads ?? []) can't be.",
                help: "Give strides and dilations of at least 1, and pads of at least 0.")
        }
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        for case let input? in inputs where input.elementType != .float32 {
            throw MLOpsError.unsupported(input.elementType, instead: "FP32")
        }
        let x: ValueType = try inputs.required(0)
        let weights: ValueType = try inputs.required(1)
        guard let shape = x.shape, let kernel = weights.shape, !kernel.contains(-1), !shape.dropFirst().contains(-1)
        else { return [x.reshaped(nil)] }
        let axes = try axes(shape, kernel)
        return [x.reshaped([shape[0], kernel[1] * groups] + axes.map(\.output))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x = try (inputs.required(0) as Value).floats()
        let weights = try (inputs.required(1) as Value).floats()
        let bias = try (inputs.optional(2) as Value?)?.floats()
        let axes = try axes(x.shape, weights.shape)
        let (channels, perGroup) = (x.shape[1] / groups, weights.shape[1])
        let outputs = perGroup * groups
        guard bias == nil || bias?.count == outputs else {
            throw MLOpsError(
                .invalidArgument, "There are \(bias?.count ?? 0) biases for \(outputs) outputs.", help: "Give one each."
            )
        }
        let result = try context.tensor([x.shape[0], outputs] + axes.map(\.output))
        let (plane, size) = (x.shape[2...].reduce(1, *), weights.shape[2...].reduce(1, *))
        let area = axes.reduce(1) { $0 * $1.output }
        guard result.count > 0 else { return [Value(floats: result)] }
        try context.limits.elementCount(of: [plane, size], in: "the places of a kernel")
        // Where each place of the kernel falls for each element of a plane; −1 outside: the same for all planes.
        let places = places(axes, Array(x.shape[2...]), context)
        let planes = Planes(x: x, weights: weights, result: result)
        context.compute.parallel(tasks: x.shape[0] * outputs) { task in
            let (image, output) = (task / outputs, task % outputs)
            let target = planes.result.pointer + task * area
            if let bias = bias?.pointer[output] { target.update(repeating: bias, count: area) }
            let group = output / perGroup
            for channel in 0..<channels {
                let input = group * channels + channel
                let source = planes.x.pointer + (image * channels * groups + input) * plane
                let kernel = planes.weights.pointer + (input * perGroup + output % perGroup) * size
                places.withUnsafeBufferPointer { places in
                    for element in 0..<plane {
                        for k in 0..<size where places[element * size + k] >= 0 {
                            target[Int(places[element * size + k])] += source[element] * kernel[k]
                        }
                    }
                }
            }
        }
        return [Value(floats: result)]
    }

    /// Unchecked Sendable: each task writes a plane of the result of its own, and the others are only read.
    private struct Planes: @unchecked Sendable { let x, weights, result: Tensor }

    private func places(_ axes: [Axis], _ extents: [Int], _ context: RunContext) -> [Int32] {
        var places: [Int32] = [0]
        var rows = 1
        // Axis by axis: for each element so far and each of the axis, for each place of the kernel so far and each of it.
        var kernels = 1
        for (index, axis) in axes.enumerated() {
            var next: [Int32] = []
            next.reserveCapacity(places.count * extents[index] * axis.kernel)
            for row in 0..<rows {
                for element in 0..<extents[index] {
                    for place in 0..<kernels {
                        let outer = places[row * kernels + place]
                        for k in 0..<axis.kernel {
                            let position = element * axis.stride + k * axis.dilation - axis.padding
                            let isInside = outer >= 0 && position >= 0 && position < axis.output
                            next.append(isInside ? outer * Int32(axis.output) + Int32(position) : -1)
                        }
                    }
                }
            }
            (places, rows, kernels) = (next, rows * extents[index], kernels * axis.kernel)
        }
        return places
    }

    private func axes(_ x: [Int], _ weights: [Int]) throws -> [Axis] {
        let rank = x.count - 2
        let spatial = Array(weights.dropFirst(2))
        guard rank >= 1, weights.count == x.count, x[1] == weights[0], weights[0] % groups == 0,
            kernel == nil || kernel == spatial, spatial.allSatisfy({ (1...(1 << 20)).contains($0) }),
            [strides, dilations, outputPadding].allSatisfy({ $0 == nil || $0?.count == rank }),
            pads == nil || pads?.count == 2 * rank,
            outputShape == nil || outputShape?.count == rank || outputShape?.count == rank + 2
        else {
            throw MLOpsError(
                .invalidArgument, "Weights \(weights) in \(groups) groups do not fit an input \(x).",
                help: "Give weights [C, K / groups, …], and one number for each spatial axis.")
        }
        return try (0..<rank).map { index in
            let (stride, dilation) = (strides?[index] ?? 1, dilations?[index] ?? 1)
            let extra = outputPadding?[index] ?? 0
            let (span, overflow) = (max(x[index + 2], 1) - 1).multipliedReportingOverflow(by: stride)
            guard !overflow, span < 1 << 40 else {
                throw MLOpsError(.limitExceeded, "The output is too large.", help: "Give a smaller input.")
            }
            let full = span + extra + (spatial[index] - 1) * dilation + 1
            var axis = Axis(kernel: spatial[index], stride: stride, dilation: dilation, padding: 0, output: full)
            var wanted = outputShape.map { $0[$0.count - rank + index] }
            if wanted == nil, padding == .SAME_UPPER || padding == .SAME_LOWER { wanted = x[index + 2] * stride }
            if let wanted {
                let total = max(full - wanted, 0)
                axis.padding = padding == .SAME_UPPER ? total / 2 : total - total / 2
                axis.output = wanted
            } else if padding == .NOTSET {
                axis.padding = pads?[index] ?? 0
                axis.output = full - axis.padding - (pads?[index + rank] ?? 0)
            }
            guard axis.output >= 0 else {
                throw MLOpsError(
                    .invalidArgument, "The pads \(pads ?? []) are larger than the output.", help: "Give smaller ones.")
            }
            return axis
        }
    }
}
