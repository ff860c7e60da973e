internal import MLOpsCore
internal import MLOpsTensor

/// The sum of what 8-bit integers stand for, rectified or not, quantized again.
struct IntegerSumStep: IntegerStep {
    static let name = "Add"
    static let inputCount = 2...2
    let add: AddOperator
    let a: Quantization, b: Quantization, y: Quantization
    let relu: Bool
    let elementType: ElementType

    var title: String { "Add" + (relu ? "+Relu" : "") + " (integers)" }

    func shape(_ inputs: [ValueType?]) throws -> [Int]? {
        try add.infer(inputs.map { ValueType(.float32, $0?.shape) })[0].shape
    }

    func kernel(_ shapes: [[Int]]) throws -> (@Sendable (Compute, [QuantizedTensor], QuantizedTensor) -> Void)? {
        guard shapes[0] == shapes[1] else { return nil }
        return { [a, b, y, relu] compute, xs, result in compute.add(xs[0], a, xs[1], b, relu: relu, into: result, y) }
    }

    func runFloats(_ inputs: [Value], in context: RunContext) throws -> Value {
        let parts = zip(inputs, [a, b]).map { value, quantization -> Value in
            let floats = Tensor(shape: value.shape)
            value.read(as: UInt8.self) { bytes in
                for (index, byte) in bytes.enumerated() {
                    let whole = value.elementType == .int8 ? Int(Int8(bitPattern: byte)) : Int(byte)
                    floats.pointer[index] = Float(whole - quantization.zeroPoint) * quantization.scale
                }
            }
            return Value(floats: floats)
        }
        let sum = try add.run(parts, in: context)[0]
        let numbers = try sum.floats().values
        let floats = try Tensor(shape: sum.shape, values: relu ? numbers.map { max(0, $0) } : numbers)
        let result = QuantizedTensor(shape: floats.shape, isSigned: elementType == .int8)
        if result.count > 0 { context.compute.quantize(floats, y, into: result) }
        return Value.make(elementType, sum.shape, as: UInt8.self) { target in
            target.baseAddress?.update(from: result.pointer, count: result.count)
        }
    }
}

/// The highest of the 8-bit integers under each window, which stand for numbers in the same way as the result's.
struct IntegerMaximumStep: IntegerStep {
    static let name = "MaxPool"
    static let inputCount = 1...1
    let pool: MaxPoolOperator
    let elementType: ElementType

    var title: String { "MaxPool (integers)" }

    func shape(_ inputs: [ValueType?]) throws -> [Int]? {
        try pool.infer([ValueType(.float32, (inputs.required(0) as ValueType).shape)])[0].shape
    }

    func kernel(_ shapes: [[Int]]) throws -> (@Sendable (Compute, [QuantizedTensor], QuantizedTensor) -> Void)? {
        let axes = try pool.axes(for: shapes[0])
        let geometry = PoolingGeometry(axes[0], axes[1])
        return { compute, xs, y in
            if y.count > 0 { compute.maxPool(xs[0], geometry: geometry, into: y) }
        }
    }
}
