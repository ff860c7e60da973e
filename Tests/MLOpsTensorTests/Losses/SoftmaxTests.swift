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

    @Test func aMixedTargetIsTheMixtureOfItsLosses() {
        let shape = [7, 5]
        let logits = Samples.tensor(shape)
        let labels = (0..<7).map { $0 * 3 % 5 }
        let compute = Samples.computes[0]
        let (first, second, mixed) = (Tensor(shape: shape), Tensor(shape: shape), Tensor(shape: shape))
        let a = compute.softmaxCrossEntropy(logits, labels: labels, labelSmoothing: 0.1, into: first)
        let b = compute.softmaxCrossEntropy(logits, labels: labels.reversed(), labelSmoothing: 0.1, into: second)
        let loss = compute.softmaxCrossEntropy(
            logits, labels: labels, labelSmoothing: 0.1, mixedWith: labels.reversed(), share: 0.3, into: mixed)
        #expect(abs(loss - (0.3 * a + 0.7 * b)) < 1e-5)
        for i in 0..<mixed.count {
            #expect(abs(mixed.pointer[i] - (0.3 * first.pointer[i] + 0.7 * second.pointer[i])) < 1e-6)
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
