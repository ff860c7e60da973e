import Foundation
import MLOpsTensor
import Testing

@Suite struct BatchTests {
    @Test(arguments: [[1, 3, 5], [9, 70, 33], [130, 1100, 70], [100, 20, 300]])
    func aProductWithAPackedMatrixIsFinished(size: [Int]) {
        let (m, k, n) = (size[0], size[1], size[2])
        let (x, b) = (Samples.tensor([m, k]), Samples.tensor([k, n], seed: 2))
        let (bias, addend) = (Samples.tensor([n], seed: 3), Samples.tensor([m, n], seed: 4))
        let plain = Tensor(shape: [m, n])
        Reference.matrixProduct(x, b, into: plain, transposingA: false, transposingB: false, accumulating: false)
        let turned = Tensor(shape: [n, k])
        for i in 0..<k { for j in 0..<n { turned.pointer[j * k + i] = b.pointer[i * n + j] } }
        for compute in Samples.computes {
            for packed in [PackedMatrix(b, compute), PackedMatrix(turned, transposed: true, compute)] {
                let y = Samples.unwritten([m, n])
                compute.product(x, packed, into: y)
                #expect(Samples.distance(y, plain) < 2e-6)
                for addend in [nil, addend] {
                    compute.product(x, packed, bias: bias, addend: addend, .clamp(0, 0.5), into: y)
                    let expected = Tensor(shape: [m, n])
                    for i in 0..<m * n {
                        let sum = plain.pointer[i] + bias.pointer[i % n] + (addend?.pointer[i] ?? 0)
                        expected.pointer[i] = min(max(sum, 0), 0.5)
                    }
                    #expect(Samples.distance(y, expected) < 2e-6)
                }
            }
        }
    }

    /// Q·K · scale + mask, softmax, ·V in double precision, for [B, H, T, D] × [B, H, D, S] × [B, H, S, E].
    private func attention(_ q: Tensor, _ k: Tensor, _ v: Tensor, _ mask: Tensor?, scale: Double) -> Tensor {
        let (groups, t, d) = (q.shape[0] * q.shape[1], q.shape[2], q.shape[3])
        let (s, e) = (k.shape[3], v.shape[3])
        let result = Tensor(shape: [q.shape[0], q.shape[1], t, e])
        for g in 0..<groups {
            for row in 0..<t {
                let scores = (0..<s).map { column -> Double in
                    var sum = 0.0
                    for i in 0..<d {
                        sum += Double(q.pointer[(g * t + row) * d + i]) * Double(k.pointer[(g * d + i) * s + column])
                    }
                    return sum * scale + Double(mask?.pointer[row * s + column] ?? 0)
                }
                let top = scores.max() ?? 0
                let powers = scores.map { exp($0 - top) }
                let total = powers.reduce(0, +)
                for i in 0..<e {
                    var sum = 0.0
                    for column in 0..<s {
                        sum += powers[column] / total * Double(v.pointer[(g * s + column) * e + i])
                    }
                    result.pointer[(g * t + row) * e + i] = Float(sum)
                }
            }
        }
        return result
    }

    @Test(arguments: [[1, 1, 1, 3, 2, 4], [2, 3, 70, 16, 33, 8], [1, 2, 300, 32, 40, 32]])
    func attentionIsItsDefinitionWhereverElementsLie(size: [Int]) throws {
        let (batch, heads, t, d, s, e) = (size[0], size[1], size[2], size[3], size[4], size[5])
        let (q, k) = (Samples.tensor([batch, heads, t, d]), Samples.tensor([batch, heads, d, s], seed: 2))
        let (v, mask) = (Samples.tensor([batch, heads, s, e], seed: 3), Samples.tensor([t, s], seed: 4))
        let expected = attention(q, k, v, mask, scale: 0.3)
        // The queries as a network makes them: [B, T, H, D].
        let spread = Tensor(shape: [batch, t, heads, d])
        let places = StridedCopy(
            q.shape, from: [heads * t * d, t * d, d, 1], to: [t * heads * d, d, heads * d, 1])
        Samples.computes[0].copy(places, q.pointer, into: spread.pointer)
        let spreadQueries = try #require(
            StridedMatrices(q.shape, strides: [t * heads * d, d, heads * d, 1]))
        let keys = try #require(StridedMatrices(k.shape, strides: [heads * d * s, d * s, s, 1]))
        let values = try #require(StridedMatrices(v.shape, strides: [heads * s * e, s * e, e, 1]))
        let masks = try #require(StridedMatrices([1, 1, t, s], strides: [0, 0, s, 1]))
        let output = try #require(StridedMatrices(expected.shape, strides: [heads * t * e, t * e, e, 1]))
        for compute in Samples.computes {
            let y = Samples.unwritten(expected.shape)
            compute.attention(
                q: (spreadQueries, UnsafePointer(spread.pointer)), k: (keys, UnsafePointer(k.pointer)),
                v: (values, UnsafePointer(v.pointer)), mask: (masks, UnsafePointer(mask.pointer)), scale: 0.3,
                clearsEmptyRows: false, into: (output, y.pointer))
            #expect(Samples.distance(y, expected) < 2e-6)
        }
    }

    @Test func aQueryThatNoKeyIsOpenToGetsZerosWhereAsked() throws {
        let x = Samples.tensor([1, 1, 4, 4])
        let matrices = try #require(StridedMatrices([1, 1, 4, 4], strides: [16, 16, 4, 1]))
        let mask = Tensor(shape: [4, 4])
        for i in 4..<8 { mask.pointer[i] = -.infinity }
        for compute in Samples.computes {
            for clears in [false, true] {
                let y = Samples.unwritten([1, 1, 4, 4])
                let operand = (matrices, UnsafePointer(x.pointer))
                compute.attention(
                    q: operand, k: operand, v: operand, mask: (matrices, UnsafePointer(mask.pointer)), scale: 1,
                    clearsEmptyRows: clears, into: (matrices, y.pointer))
                #expect((4..<8).allSatisfy { clears ? y.pointer[$0] == 0 : y.pointer[$0].isNaN })
                #expect(y.pointer[0].isFinite)
            }
        }
    }

    @Test func productsOfBatchesAreBroadcast() throws {
        let (a, b) = (Samples.tensor([3, 2, 70, 9]), Samples.tensor([2, 9, 33], seed: 2))
        let left = try #require(StridedMatrices(a.shape, strides: [1260, 630, 9, 1]))
        let right = try #require(StridedMatrices([1, 2, 9, 33], strides: [0, 297, 33, 1]))
        let result = try #require(StridedMatrices([3, 2, 70, 33], strides: [4620, 2310, 33, 1]))
        for compute in Samples.computes {
            let c = Samples.unwritten([3, 2, 70, 33])
            compute.products(left, a.pointer, right, b.pointer, result, into: c.pointer)
            for i in 0..<c.count {
                let (group, row, column) = (i / 2310, i / 33 % 70, i % 33)
                var sum = 0.0
                for t in 0..<9 {
                    sum +=
                        Double(a.pointer[group * 630 + row * 9 + t])
                        * Double(b.pointer[group % 2 * 297 + t * 33 + column])
                }
                #expect(abs(Double(c.pointer[i]) - sum) < 1e-5)
            }
        }
    }
}
