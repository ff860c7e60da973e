import MLOpsCore
import MLOpsTensor
import Testing

@Suite struct TensorTests {
    @Test func startsAsZerosAtAnAlignedAddress() {
        let tensor = Tensor(shape: [3, 5])
        #expect(tensor.count == 15)
        #expect(tensor.values == [Float](repeating: 0, count: 15))
        #expect(Int(bitPattern: tensor.pointer) % 64 == 0)
    }

    @Test func keepsItsValues() throws {
        let tensor = try Tensor(shape: [2, 2], values: [1, 2, 3, 4])
        #expect(tensor.values == [1, 2, 3, 4])
        tensor.fill(7)
        #expect(tensor.values == [7, 7, 7, 7])
    }

    @Test(arguments: [[2, 3], [-1, -4], [Int.max, 2]])
    func refusesValuesThatDoNotFillTheShape(shape: [Int]) {
        #expect(throws: MLOpsError.self) { try Tensor(shape: shape, values: [1, 2, 3, 4]) }
    }

    @Test func aScalarHasOneElement() {
        #expect(Tensor(shape: []).count == 1)
        #expect(Tensor(shape: [0, 4]).values.isEmpty)
    }
}
