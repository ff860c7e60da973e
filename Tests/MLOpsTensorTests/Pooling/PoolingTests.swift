import MLOpsTensor
import Testing

@Suite struct PoolingTests {
    static let geometries = [
        PoolingGeometry(window: 2), PoolingGeometry(window: 3, stride: 2, padding: 1),
        PoolingGeometry(window: 3, stride: 1),
        PoolingGeometry(rows: 2, columns: 3, strideY: 1, strideX: 2, paddingTop: 1, paddingRight: 2),
    ]
    static let shapes = [[1, 3, 3, 1], [2, 8, 8, 16], [1, 7, 9, 5], [3, 6, 5, 17], [1, 4, 4, 33]]

    @Test(arguments: shapes, geometries)
    func poolingIsItsDefinition(shape: [Int], geometry: PoolingGeometry) {
        let x = Samples.tensor(shape)
        let size = geometry.outputSize(height: shape[1], width: shape[2])
        let output = [shape[0], size.height, size.width, shape[3]]
        let (expected, expectedDx) = (Tensor(shape: output), Tensor(shape: shape))
        let expectedIndices = PoolingIndices(count: expected.count)
        let dy = Samples.tensor(output, seed: 2)
        for compute in Samples.computes {
            let (y, dx) = (Samples.unwritten(output), Samples.unwritten(shape))
            let indices = PoolingIndices(count: y.count)
            Reference.maxPool(x, geometry: geometry, into: expected, indices: expectedIndices)
            Reference.maxPoolBackward(dy, indices: expectedIndices, into: expectedDx)
            compute.maxPool(x, geometry: geometry, into: y, indices: indices)
            compute.maxPoolBackward(dy, indices: indices, geometry: geometry, into: dx)
            #expect(y.values == expected.values)
            #expect(indices.values == expectedIndices.values)
            #expect(dx.values == expectedDx.values)
            for counting in [false, true] {
                Reference.averagePool(x, geometry: geometry, countingPadding: counting, into: expected)
                compute.averagePool(x, geometry: geometry, countingPadding: counting, into: y)
                #expect(Samples.distance(y, expected) < 1e-5)
            }
        }
    }

    @Test(arguments: shapes)
    func globalAveragePoolingIsItsDefinition(shape: [Int]) {
        let x = Samples.tensor(shape)
        for compute in Samples.computes {
            let (y, expected) = (Samples.unwritten([shape[0], shape[3]]), Tensor(shape: [shape[0], shape[3]]))
            compute.globalAveragePool(x, into: y)
            Reference.globalAveragePool(x, into: expected)
            #expect(Samples.distance(y, expected) < 1e-5)
            let (dx, expectedDx) = (Samples.unwritten(shape), Tensor(shape: shape))
            compute.globalAveragePoolBackward(y, into: dx)
            Reference.globalAveragePoolBackward(y, into: expectedDx)
            #expect(Samples.distance(dx, expectedDx) < 1e-6)
        }
    }

    @Test func theFirstOfEqualMaximaWinsAndNaNSpreads() {
        for compute in Samples.computes {
            let x = Tensor(shape: [1, 2, 2, 20])
            let y = Tensor(shape: [1, 1, 1, 20])
            let indices = PoolingIndices(count: 20)
            compute.maxPool(x, geometry: PoolingGeometry(window: 2), into: y, indices: indices)
            #expect(indices.values == [Int32](repeating: 0, count: 20))
            x.fill(-.infinity)
            compute.maxPool(x, geometry: PoolingGeometry(window: 2), into: y, indices: indices)
            #expect(indices.values == [Int32](repeating: 0, count: 20))
            for c in 0..<20 { x.pointer[2 * 20 + c] = .nan }
            compute.maxPool(x, geometry: PoolingGeometry(window: 2), into: y, indices: indices)
            #expect(y.values.allSatisfy { $0.isNaN })
            #expect(indices.values == [Int32](repeating: 2, count: 20))
        }
    }
}
