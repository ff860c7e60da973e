import MLOpsTensor
import Testing

@Suite struct SoftmaxTests {
    @Test(arguments: [[1, 1], [3, 2], [40, 17]])
    func lossAndProbabilitiesAreTheirDefinitions(shape: [Int]) {
        let logits = Samples.tensor(shape)
        let labels = (0..<shape[0]).map { $0 * 7 % shape[1] }
        for compute in Samples.computes {
            let (y, expected) = (Samples.unwritten(shape), Tensor(shape: shape))
            compute.softmax(logits, into: y)
            Reference.softmax(logits, into: expected)
            #expect(Samples.distance(y, expected) < 1e-6)
            for smoothing in [Float(0), 0.1] {
                let loss = compute.softmaxCrossEntropy(logits, labels: labels, labelSmoothing: smoothing, into: y)
                let exact = Reference.softmaxCrossEntropy(
                    logits, labels: labels, labelSmoothing: smoothing, into: expected)
                #expect(abs(loss - exact) < 1e-5)
                #expect(Samples.distance(y, expected) < 1e-6)
                let slope = Samples.slope(logits, at: 0) {
                    let gradient = Tensor(shape: shape)
                    return Double(
                        compute.softmaxCrossEntropy(logits, labels: labels, labelSmoothing: smoothing, into: gradient))
                }
                #expect(abs(slope - Double(y.pointer[0])) < 1e-3)
            }
        }
    }

    @Test func logitsOfAnySizeGiveFiniteResults() throws {
        let logits = try Tensor(shape: [1, 3], values: [1000, -1000, 0])
        let gradient = Tensor(shape: [1, 3])
        let loss = Samples.computes[0].softmaxCrossEntropy(logits, labels: [1], into: gradient)
        #expect(loss == 2000)
        #expect(gradient.values == [1, -1, 0])
    }
}
