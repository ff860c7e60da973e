import MLOpsTensor
import Testing

@Suite struct ElementwiseTests {
    @Test(arguments: [1, 3, 5, 17, 64, 40_000])
    func operationsOnElementsAreTheirDefinitions(count: Int) {
        let (a, b) = (Samples.tensor([count]), Samples.tensor([count], seed: 2))
        for compute in Samples.computes {
            let (c, expected) = (Samples.unwritten([count]), Tensor(shape: [count]))
            compute.relu(a, into: c)
            Reference.relu(a, into: expected)
            #expect(c.values == expected.values)
            compute.reluBackward(a, b, into: c)
            Reference.reluBackward(a, b, into: expected)
            #expect(c.values == expected.values)
            compute.add(a, b, into: c)
            Reference.add(a, b, into: expected)
            #expect(c.values == expected.values)
            compute.multiply(a, b, into: c)
            Reference.multiply(a, b, into: expected)
            #expect(c.values == expected.values)
        }
    }

    @Test func reluKeepsNaN() {
        for compute in Samples.computes {
            let x = Samples.unwritten([20])
            compute.relu(x, into: x)
            #expect(x.values.allSatisfy { $0.isNaN })
        }
    }
}
