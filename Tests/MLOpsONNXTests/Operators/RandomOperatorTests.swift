import MLOpsCore
import MLOpsONNX
import MLOpsTensor
import Testing

@Suite struct RandomOperatorTests {
    private func numbers(_ op: String, _ attributes: [String: ModelGraph.Attribute], x: [Float]) throws -> [Float] {
        let graph = SampleGraphs.single(op, attributes, x: [-1], y: [-1])
        let session = try ONNXSession(graph, compute: Compute(threads: 1))
        return try session.run(["x": TensorValue(shape: [x.count], floats: x)])["y"]?.floats() ?? []
    }

    @Test(arguments: ["RandomUniformLike", "RandomNormalLike"]) func aSeedGivesTheSameNumbersInEveryRun(op: String)
        throws
    {
        let x = [Float](repeating: 0, count: 1000)
        let first = try numbers(op, ["seed": .float(3)], x: x)
        #expect(try numbers(op, ["seed": .float(3)], x: x) == first)
        #expect(try numbers(op, ["seed": .float(4)], x: x) != first)
        #expect(try numbers(op, [:], x: x) != numbers(op, [:], x: x))
    }

    @Test func uniformNumbersAreInTheirRangeAndAboutItsMiddle() throws {
        let found = try numbers(
            "RandomUniformLike", ["seed": .float(1), "low": .float(2), "high": .float(4)],
            x: [Float](repeating: 0, count: 10_000))
        #expect(found.allSatisfy { (2...4).contains($0) })
        #expect(abs(found.reduce(0, +) / 10_000 - 3) < 0.05)
    }

    @Test func normalNumbersHaveTheirMeanAndDeviation() throws {
        let found = try numbers(
            "RandomNormalLike", ["seed": .float(1), "mean": .float(1), "scale": .float(2)],
            x: [Float](repeating: 0, count: 10_000))
        let mean = found.reduce(0, +) / 10_000
        let variance = found.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 10_000
        #expect(abs(mean - 1) < 0.1)
        #expect(abs(variance - 4) < 0.3)
    }

    @Test func bernoulliGivesOneAsOftenAsItIsTold() throws {
        let found = try numbers("Bernoulli", ["seed": .float(1)], x: [Float](repeating: 0.25, count: 10_000))
        #expect(found.allSatisfy { $0 == 0 || $0 == 1 })
        #expect(abs(found.reduce(0, +) / 10_000 - 0.25) < 0.02)
    }
}
