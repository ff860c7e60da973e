internal import MLOpsCore
internal import MLOpsTensor

/// `Resize`: an image of another size, from the nearest pixels or by linear or cubic interpolation, axis by axis.
struct ResizeOperator: Operator {
    static let name = "Resize"
    static let operatorSets = 10...ONNXDocument.latestOperatorSet
    static let inputCount = 2...4
    private enum Policy: String, CaseIterable { case stretch, not_larger, not_smaller }
    private let rule: ResizeRule
    private let outside: Float
    private let axes: [Int]?
    private let policy: Policy
    /// Whether the scales come right after the image, as in operator set 10.
    private let isOld: Bool

    init(_ node: inout NodeReader) throws {
        isOld = node.operatorSet < 11
        var rule = ResizeRule()
        rule.mode = try node.choice("mode", default: .nearest)
        if isOld {
            rule.coordinates = .asymmetric
            rule.rounding = .floor
            (outside, axes, policy) = (0, nil, .stretch)
        } else {
            rule.coordinates = try node.choice("coordinate_transformation_mode", default: .half_pixel)
            rule.rounding = try node.choice("nearest_mode", default: .round_prefer_floor)
            rule.cubicFactor = Double(try node.float("cubic_coeff_a") ?? -0.75)
            rule.excludesOutside = try node.flag("exclude_outside", default: false) && rule.mode == .cubic
            outside = try node.float("extrapolation_value") ?? 0
            let isNew = node.operatorSet >= 18
            rule.isSmooth = isNew ? try node.flag("antialias", default: false) : false
            axes = isNew ? try node.ints("axes") : nil
            policy = isNew ? try node.choice("keep_aspect_ratio_policy", default: .stretch) : .stretch
        }
        self.rule = rule
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        _ = try rule.mode == .nearest ? x.elementType.carrier() : x.elementType.numeric()
        guard let shape = x.shape else { return [x.reshaped(nil)] }
        let constants = inputs.dropFirst().map { $0?.constant }
        guard !shape.contains(-1), zip(inputs.dropFirst(), constants).allSatisfy({ $0 == nil || $1 != nil }) else {
            return [x.reshaped([Int](repeating: -1, count: shape.count))]
        }
        return [x.reshaped(try sizes([nil] + constants, shape).map(\.output))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        var x: Value = try inputs.required(0)
        let sizes = try sizes(inputs, x.shape)
        try context.limits.elementCount(of: sizes.map(\.output), in: "a result")
        guard x.count > 0, !sizes.contains(where: { $0.output == 0 }) else {
            return [try context.make(x.elementType, sizes.map(\.output), as: UInt8.self) { _ in }]
        }
        let plans = zip(x.shape, sizes).map { input, size in
            ResizeAxis(rule, input: input, output: size.output, scale: size.scale, range: size.range)
        }
        if rule.mode == .nearest, !plans.contains(where: { $0.isOutside.contains(true) }) {
            for (axis, plan) in plans.enumerated() where sizes[axis].output != x.shape[axis] || sizes[axis].scale != 1 {
                x = try GatherOperator.gather(x, plan.taps.map { $0[0].index }, along: axis, in: context)
            }
            return [x]
        }
        var result = try x.converted(to: .float32, in: context).floats()
        for (axis, plan) in plans.enumerated() where sizes[axis].scale != 1 || rule.coordinates == .tf_crop_and_resize {
            result = try interpolate(result, axis, plan, in: context)
        }
        for (axis, plan) in plans.enumerated() { fillOutside(result, axis, plan) }
        return [try Value(floats: result).rounded(to: x.elementType, in: context)]
    }

    private func interpolate(_ x: Tensor, _ axis: Int, _ plan: ResizeAxis, in context: RunContext) throws -> Tensor {
        var shape = x.shape
        shape[axis] = plan.taps.count
        let result = try context.tensor(shape)
        let inner = shape[(axis + 1)...].reduce(1, *)
        for block in 0..<shape[..<axis].reduce(1, *) {
            let source = x.pointer + block * x.shape[axis] * inner
            for (position, taps) in plan.taps.enumerated() {
                let target = result.pointer + (block * plan.taps.count + position) * inner
                for (index, weight) in taps where weight != 0 {
                    for i in 0..<inner { target[i] += weight * source[index * inner + i] }
                }
            }
        }
        return result
    }

    private func fillOutside(_ x: Tensor, _ axis: Int, _ plan: ResizeAxis) {
        guard plan.isOutside.contains(true) else { return }
        let inner = x.shape[(axis + 1)...].reduce(1, *)
        for block in 0..<x.shape[..<axis].reduce(1, *) {
            for (position, isOutside) in plan.isOutside.enumerated() where isOutside {
                (x.pointer + (block * x.shape[axis] + position) * inner).update(repeating: outside, count: inner)
            }
        }
    }

    private typealias Size = (output: Int, scale: Double, range: (start: Double, end: Double))

    private func sizes(_ inputs: [Value?], _ shape: [Int]) throws -> [Size] {
        let axes = try axes.map { try $0.map { try Axes.normalized($0, rank: shape.count) } } ?? Array(shape.indices)
        let scales = try (inputs.optional(isOld ? 1 : 2) as Value?)?.reals() ?? []
        let wanted = try (inputs.optional(3) as Value?)?.integers() ?? []
        let region = rule.coordinates == .tf_crop_and_resize ? try (inputs.optional(1) as Value?)?.reals() ?? [] : []
        guard scales.isEmpty != wanted.isEmpty, max(scales.count, wanted.count) == axes.count,
            Set(axes).count == axes.count, region.isEmpty || region.count == 2 * axes.count,
            scales.allSatisfy({ $0 > 0 && $0 < 1e6 }), wanted.allSatisfy({ (0...(1 << 31)).contains($0) }),
            region.allSatisfy({ abs($0) < 1e6 })
        else {
            throw MLOpsError(
                .invalidArgument, "Scales \(scales) or sizes \(wanted) do not fit an image \(shape).",
                help: "Give positive scales or sizes, one for each axis.")
        }
        var result: [Size] = shape.map { ($0, 1, (0, 1)) }
        let ratios = zip(wanted, axes).map { Double($0) / Double(max(shape[$1], 1)) }
        let common = policy == .not_larger ? ratios.min() : ratios.max()
        for (place, axis) in axes.enumerated() {
            if !region.isEmpty { result[axis].range = (region[place], region[place + axes.count]) }
            let extent = Double(shape[axis])
            if wanted.isEmpty {
                result[axis].scale = scales[place]
                result[axis].output = Int((extent * Double(Float(scales[place]))).rounded(.down))
            } else if policy == .stretch {
                (result[axis].output, result[axis].scale) = (wanted[place], ratios[place])
            } else if let common {
                (result[axis].output, result[axis].scale) = (Int((extent * common + 0.5).rounded(.down)), common)
            }
        }
        return result
    }
}

extension Value {
    /// Floats as another type, whole numbers rounded to the nearest.
    func rounded(to type: ElementType, in context: RunContext) throws -> Value {
        guard type.whole != nil else { return try converted(to: type, in: context) }
        let whole = try mapFloats { source, target in
            for i in source.indices { target[i] = source[i].rounded(.toNearestOrEven) }
        }
        return try whole.converted(to: type, in: context)
    }
}
