internal import MLOpsCore
internal import MLOpsTensor

/// A constant of integers and what they stand for: one scale and zero point, or one for each index of an axis.
struct QuantizedConstant {
    /// The integers.
    let value: Value
    /// The scales and zero points, as many.
    let scales: [Double], zeroPoints: [Int]
    /// The axis that they belong to; 0 where there is one of them.
    let axis: Int

    /// The numbers that the integers of a vector, with an element for each scale, stand for.
    func vector() throws -> [Double] {
        let wholes = try value.reals()
        return wholes.indices.map { index in
            let place = scales.count == 1 ? 0 : index
            return (wholes[index] - Double(zeroPoints[place])) * scales[place]
        }
    }
}

extension GraphEditor {
    /// The 8-bit integers that a value of floats is made of, and what they stand for; `nil` when it is not.
    func quantized(_ name: String) -> (name: String, quantization: Quantization, type: ValueType)? {
        guard let (node, op) = node(maker(of: name), DequantizeLinearOperator.self), op.isPlain,
            types[name]?.elementType == .float32, let type = types[node.inputs[0]], type.isBytes,
            type.constant == nil, let quantization = quantization(of: node)
        else { return nil }
        return (node.inputs[0], quantization, type)
    }

    /// The only scale and zero point of a node that quantizes or dequantizes; `nil` when there are more.
    func quantization(of node: Node) -> Quantization? {
        let zeroPoint = node.inputs.dropFirst(2).first.flatMap { $0.isEmpty ? nil : $0 }
        return Quantization(
            scale: constant(node.inputs[1]), zeroPoint: zeroPoint.flatMap { constant($0) },
            hasZeroPoint: zeroPoint != nil)
    }

    /// The integers that a constant of floats is made of; `nil` when it is not.
    func quantizedConstant(_ name: String) -> QuantizedConstant? {
        guard let (node, op) = node(maker(of: name), DequantizeLinearOperator.self), op.isPlain,
            types[name]?.elementType == .float32, let value = constant(node.inputs[0]),
            let scale = constant(node.inputs[1]), scale.elementType == .float32, let scales = try? scale.reals(),
            !scales.isEmpty, scales.allSatisfy({ $0 > 0 && $0.isFinite })
        else { return nil }
        var zeroPoints = [Int](repeating: 0, count: scales.count)
        if node.inputs.count > 2, !node.inputs[2].isEmpty {
            guard let reals = try? constant(node.inputs[2])?.reals(), reals.count == scales.count else { return nil }
            zeroPoints = reals.map { Int($0) }
        }
        let axis = op.axis < 0 ? op.axis + value.shape.count : op.axis
        if scales.count > 1 {
            guard value.shape.indices.contains(axis), value.shape[axis] == scales.count else { return nil }
        }
        return QuantizedConstant(
            value: value, scales: scales, zeroPoints: zeroPoints, axis: scales.count > 1 ? axis : 0)
    }

    /// The numbers of a constant vector, quantized or not.
    func vector(_ name: String) -> [Double]? {
        if let constant = constant(name), constant.elementType == .float32 { return try? constant.reals() }
        return try? quantizedConstant(name)?.vector()
    }
}
