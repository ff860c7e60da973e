import MLOpsTensor
import Testing

@Suite struct OptimizerTests {
    @Test(arguments: [1, 5, 17, 20_000], [false, true])
    func stepsAreTheirDefinitions(count: Int, flag: Bool) {
        for compute in Samples.computes {
            let given = (0..<4).map { Samples.tensor([count], seed: UInt64($0 + 1)) }
            for i in 0..<count { given[3].pointer[i] = abs(given[3].pointer[i]) }
            let expected = given.map(Samples.copy)
            for step in 1...3 {
                compute.sgd(
                    given[0], gradient: given[1], velocity: given[2], rate: 0.1, momentum: 0.9, weightDecay: 0.01,
                    nesterov: flag)
                Reference.sgd(
                    expected[0], gradient: expected[1], velocity: expected[2], rate: 0.1, momentum: 0.9,
                    weightDecay: 0.01, nesterov: flag)
                compute.adam(
                    given[0], gradient: given[1], first: given[2], second: given[3], step: step, rate: 0.01,
                    weightDecay: 0.1, decoupled: flag)
                Reference.adam(
                    expected[0], gradient: expected[1], first: expected[2], second: expected[3], step: step,
                    rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, decoupled: flag)
            }
            for i in 0..<4 { #expect(Samples.distance(given[i], expected[i]) < 1e-5) }
        }
    }
}
