import MLOpsCNN
import MLOpsCore
import MLOpsTensor
import Testing

@Suite("Optimizers and schedules")
struct OptimizerTests {
    static let optimizers: [(String, Optimizer, Double)] = [
        ("sgd", .sgd(momentum: 0.9, weightDecay: 0.01), 0.02),
        ("nesterov", .sgd(momentum: 0.9, nesterov: true), 0.02),
        ("adam", .adam(weightDecay: 0.01), 0.02),
        ("adamW", .adamW(weightDecay: 0.05), 0.02),
        ("rmsProp", .rmsProp(), 0.01),
    ]

    @Test("an optimizer goes where PyTorch's goes for a hundred steps", arguments: optimizers)
    func followsPyTorch(name: String, optimizer: Optimizer, rate: Double) throws {
        let oracle = try #require(try Oracles.load().optimizers[name])
        let count = 12
        let spec = try #require(
            try NetworkSpec("row", [.dense(units: 1)]).parameters(for: FeatureShape(vector: count)).first)
        let parameter = Parameter(spec)
        for (i, value) in plainSequence(count, salt: 1).enumerated() { parameter.value.pointer[i] = value }
        let target = plainSequence(count, salt: 2)
        let slots = [OptimizerSlots(parameter.value.shape, optimizer)]
        let compute = Compute(threads: 1)
        for step in 1...100 {
            for i in 0..<count {
                parameter.gradient.pointer[i] = (0.5 + Float(i) / 4) * (parameter.value.pointer[i] - target[i])
            }
            optimizer.update([parameter], slots, rate: rate, step: step, compute: compute)
            guard let expected = oracle[String(step)] else { continue }
            for (value, expected) in zip(parameter.value.values, expected) {
                #expect(abs(value - expected) < 1e-5, "\(name), step \(step): \(value), PyTorch \(expected)")
            }
        }
    }

    @Test("schedules give PyTorch's rates")
    func schedulesFollowPyTorch() throws {
        let oracle = try Oracles.load().schedules
        for (name, schedule) in [
            ("step", .step(0.1, factor: 0.5, epochs: 2)), ("oneCycle", .oneCycle(peak: 0.1)),
        ] as [(String, LearningRateSchedule)] {
            for (step, expected) in try #require(oracle[name]).enumerated() {
                let rate = schedule.rate(atStep: step, of: 60, stepsPerEpoch: 10)
                #expect(abs(rate - expected) < 1e-9, "\(name), step \(step): \(rate), PyTorch \(expected)")
            }
        }
    }

    @Test("the cosine rises to its peak, then falls to its floor")
    func cosineRisesAndFalls() {
        let schedule = LearningRateSchedule.cosine(peak: 1, warmUp: 0.1, floor: 0.01)
        let rates = (0..<100).map { schedule.rate(atStep: $0, of: 100, stepsPerEpoch: 10) }
        #expect(rates[0] == 0.1 && rates[9] == 1 && rates[10] == 1)
        #expect(zip(rates[10...], rates[11...]).allSatisfy { $0 > $1 } && abs(rates[99] - 0.01) < 1e-3)
        #expect(LearningRateSchedule.constant(0.5).rate(atStep: 8, of: 9, stepsPerEpoch: 3) == 0.5)
    }

    @Test("values out of range throw")
    func invalidValuesThrow() {
        #expect(throws: MLOpsError.self) { try Optimizer.sgd(momentum: 1).validate() }
        #expect(throws: MLOpsError.self) { try Optimizer.adam(beta2: -0.1).validate() }
        #expect(throws: MLOpsError.self) { try LearningRateSchedule.constant(.nan).validate() }
        #expect(throws: MLOpsError.self) { try LearningRateSchedule.cosine(peak: 1, warmUp: 2).validate() }
    }
}
