internal import MLOpsCore
internal import MLOpsTensor

extension QuantizeLinearOperator: BytesOperator {
    func plan(_ node: inout NodePlanner) throws -> Bool {
        guard isPlain, let type = node.outputType, type.isBytes, node.type(0)?.elementType == .float32,
            let quantization = Quantization(
                scale: node.constant(1), zeroPoint: node.constant(2), hasZeroPoint: node.inputCount > 2),
            let x = try node.input(0, .channelsLast), x.count > 0
        else { return false }
        let (y, isSigned) = (node.byteResult(), type.elementType == .int8)
        node.emit(reads: [x], writes: [y]) { memory in
            let (x, y) = (memory.tensor(x, as: [x.count]), memory.bytes(y, isSigned: isSigned))
            return { $0.quantize(x, quantization, into: y) }
        }
        node.giveBytes(y)
        return true
    }
}

extension DequantizeLinearOperator: PlannedOperator {
    func plan(_ node: inout NodePlanner) throws -> Bool {
        guard isPlain,
            let quantization = Quantization(
                scale: node.constant(1), zeroPoint: node.constant(2), hasZeroPoint: node.inputCount > 2),
            node.outputShape().reduce(1, *) > 0, let x = try node.bytes(0)
        else { return false }
        let y = node.result(node.outputShape(), .channelsLast)
        node.emit(reads: [x.place], writes: [y]) { memory in
            let (x, y) = (memory.bytes(x.place, isSigned: x.isSigned), memory.tensor(y, as: [y.count]))
            return { $0.dequantize(x, quantization, into: y) }
        }
        node.give(y)
        return true
    }
}

extension Quantization {
    /// One constant scale, and a constant zero point where there is one; `nil` for others.
    init?(scale: Value?, zeroPoint: Value?, hasZeroPoint: Bool) {
        guard let scale, scale.count == 1, scale.elementType == .float32, let factor = try? scale.floats().values.first,
            factor > 0, factor.isFinite
        else { return nil }
        guard hasZeroPoint else {
            self.init(scale: factor, zeroPoint: 0)
            return
        }
        guard let zeroPoint, ValueType(zeroPoint).isBytes, zeroPoint.count == 1,
            let zero = try? zeroPoint.reals().first
        else { return nil }
        self.init(scale: factor, zeroPoint: Int(zero))
    }
}
