import MLOpsTensor
import Testing

@Suite struct ProductTests {
    static let sizes = [
        [1, 1, 1], [1, 33, 5], [5, 1, 17], [17, 33, 3], [8, 32, 16], [97, 65, 130], [3, 300, 1100], [200, 10, 2100],
    ]

    @Test(arguments: sizes)
    func theProductIsItsDefinition(size: [Int]) {
        let (m, n, k) = (size[0], size[1], size[2])
        for compute in Samples.computes {
            for (left, right) in [(false, false), (true, false), (false, true), (true, true)] {
                let a = Samples.tensor(left ? [k, m] : [m, k])
                let b = Samples.tensor(right ? [n, k] : [k, n], seed: 2)
                for accumulating in [false, true] {
                    let c = accumulating ? Samples.tensor([m, n], seed: 3) : Samples.unwritten([m, n])
                    let expected = Samples.copy(c)
                    compute.matrixProduct(
                        a, b, into: c, transposingA: left, transposingB: right, accumulating: accumulating)
                    Reference.matrixProduct(
                        a, b, into: expected, transposingA: left, transposingB: right, accumulating: accumulating)
                    #expect(
                        Samples.distance(c, expected) < 2e-6,
                        "\(compute.instructionSet) \(left) \(right) \(accumulating)")
                }
            }
        }
    }

    /// Whatever tiles leave over: rows of 4, 6 and 8, columns of one and two vectors.
    @Test(arguments: 1...20)
    func everyRestIsMultiplied(rows m: Int) {
        for compute in Samples.computes {
            for (n, k) in [(15, 6), (16, 5), (24, 8), (31, 5), (32, 7), (33, 6), (48, 1)] {
                for left in [false, true] {
                    let a = Samples.tensor(left ? [k, m] : [m, k])
                    let b = Samples.tensor([k, n], seed: 2)
                    let (c, sum) = (Samples.unwritten([m, n]), Samples.tensor([m, n], seed: 3))
                    let (expected, expectedSum) = (Tensor(shape: [m, n]), Samples.copy(sum))
                    compute.matrixProduct(a, b, into: c, transposingA: left)
                    Reference.matrixProduct(
                        a, b, into: expected, transposingA: left, transposingB: false, accumulating: false)
                    compute.matrixProduct(a, b, into: sum, transposingA: left, accumulating: true)
                    Reference.matrixProduct(
                        a, b, into: expectedSum, transposingA: left, transposingB: false, accumulating: true)
                    #expect(Samples.distance(c, expected) < 2e-6, "\(compute.instructionSet) \(n) \(k) \(left)")
                    #expect(Samples.distance(sum, expectedSum) < 2e-6, "\(compute.instructionSet) \(n) \(k) \(left)")
                }
            }
        }
    }

    @Test func aProductOverNothingIsZero() {
        let c = Samples.unwritten([2, 3])
        Samples.computes[0].matrixProduct(Tensor(shape: [2, 0]), Tensor(shape: [0, 3]), into: c)
        #expect(c.values == [Float](repeating: 0, count: 6))
    }

    /// Neither rows nor columns: there is nothing to write.
    @Test(arguments: [[3, 0], [0, 4], [0, 0]])
    func aProductOfNothingIsNothing(size: [Int]) {
        for compute in Samples.computes {
            let c = Tensor(shape: size)
            compute.matrixProduct(Samples.tensor([size[0], 5]), Samples.tensor([5, size[1]]), into: c)
            #expect(c.count == 0)
        }
    }

    @Test(arguments: [[1, 1], [7, 3], [5000, 5], [3, 2, 17], [40, 64]])
    func columnSumsAreTheirDefinition(shape: [Int]) {
        for compute in Samples.computes {
            let x = Samples.tensor(shape)
            let sums = Samples.unwritten([x.shape[x.shape.count - 1]])
            let expected = Tensor(shape: sums.shape)
            compute.columnSums(x, into: sums)
            Reference.columnSums(x, into: expected)
            #expect(Samples.distance(sums, expected) < 1e-5)
        }
    }
}
