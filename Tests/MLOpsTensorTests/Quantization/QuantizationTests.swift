import MLOpsTensor
import Testing

@Suite struct QuantizationTests {
    @Test(arguments: [false, true])
    func numbersAreRoundedHalfToEvenAndCut(isSigned: Bool) throws {
        let quantization = Quantization(scale: 0.5, zeroPoint: isSigned ? -7 : 100)
        let edges: [Float] = [0.25, 0.75, -0.25, -0.75, 1.25, 1e9, -1e9, .infinity, -.infinity, 63.75, -64.25]
        let values = edges + Samples.tensor([70_000]).values.map { $0 * 100 }
        let x = try Tensor(shape: [values.count], values: values)
        let expected = values.map {
            Reference.quantized($0 / 0.5, zeroPoint: quantization.zeroPoint, isSigned: isSigned)
        }
        for compute in Samples.computes {
            let (y, back) = (QuantizedTensor(shape: x.shape, isSigned: isSigned), Samples.unwritten(x.shape))
            compute.quantize(x, quantization, into: y)
            #expect(y.bytes == expected, "\(compute.instructionSet)")
            compute.dequantize(y, quantization, into: back)
            #expect((0..<x.count).allSatisfy { back.pointer[$0] == Float(y.value($0) - quantization.zeroPoint) * 0.5 })
        }
    }

    @Test(arguments: [(false, true, false), (true, false, true), (false, false, true)])
    func sumsStandForSums(types: (a: Bool, b: Bool, relu: Bool)) {
        let a = Samples.bytes([33, 17], isSigned: types.a, seed: 1)
        let b = Samples.bytes([33, 17], isSigned: types.b, seed: 2)
        let aStands = Quantization(scale: 0.5, zeroPoint: types.a ? 3 : 120)
        let bStands = Quantization(scale: 0.25, zeroPoint: types.b ? -9 : 130)
        let stands = Quantization(scale: 0.75, zeroPoint: 20)
        let expected = (0..<a.count).map { i in
            let sum =
                Float(a.value(i) - aStands.zeroPoint) * 0.5 + Float(b.value(i) - bStands.zeroPoint) * 0.25
            return Reference.quantized((types.relu ? max(0, sum) : sum) / 0.75, zeroPoint: 20, isSigned: false)
        }
        for compute in Samples.computes {
            let y = QuantizedTensor(shape: a.shape, isSigned: false)
            compute.add(a, aStands, b, bStands, relu: types.relu, into: y, stands)
            #expect(y.bytes == expected, "\(compute.instructionSet)")
        }
    }

    @Test(arguments: [false, true])
    func theMaximumOfAWindowIsThatOfItsNumbers(isSigned: Bool) throws {
        let x = Samples.bytes([2, 9, 7, 5], isSigned: isSigned, seed: 1)
        let geometry = PoolingGeometry(window: 3, stride: 2, padding: 1)
        let numbers = try Tensor(shape: x.shape, values: (0..<x.count).map { Float(x.value($0)) })
        for compute in Samples.computes {
            let (y, expected) = (
                QuantizedTensor(shape: [2, 5, 4, 5], isSigned: isSigned), Tensor(shape: [2, 5, 4, 5])
            )
            compute.maxPool(x, geometry: geometry, into: y)
            compute.maxPool(numbers, geometry: geometry, into: expected)
            #expect((0..<y.count).allSatisfy { Float(y.value($0)) == expected.pointer[$0] })
        }
    }
}
