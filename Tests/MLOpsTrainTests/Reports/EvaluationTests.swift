import MLOpsCore
import MLOpsData
import MLOpsTrain
import Testing

@Suite("Evaluation")
struct EvaluationTests {
    private let dataset = InMemoryDataset(
        (0..<10).map { LabeledVector([Double($0) / 10], label: $0 < 5 ? 0 : 1, id: "\($0)") })

    @Test("every example is asked once, in order, in batches", arguments: [1, 3, 10, 100])
    func asksInBatches(_ batchSize: Int) async throws {
        var sizes: [Int] = []
        let outcomes = try await Evaluation<LabeledVector>(batchSize: batchSize).outcomes(on: dataset) { batch in
            sizes.append(batch.count)
            return batch.map { [1 - $0.features[0], $0.features[0]] }
        }
        #expect(sizes.reduce(0, +) == 10 && sizes.allSatisfy { $0 <= batchSize })
        #expect(outcomes.map(\.id) == (0..<10).map { "\($0)" })
        // 0.5 and 0.5: the first class counts, so example 5 is wrong.
        #expect(outcomes.filter { !$0.isCorrect }.map(\.id) == ["5"])
    }

    @Test("below the threshold the model abstains, and slices come from the example")
    func abstains() async throws {
        let evaluation = Evaluation<LabeledVector>(threshold: 0.75) {
            .init(id: $0.id, label: $0.label, slices: ["side": $0.label == 0 ? "left" : "right"])
        }
        let outcomes = try await evaluation.outcomes(on: dataset) { $0.map { [1 - $0.features[0], $0.features[0]] } }
        #expect(outcomes.filter { $0.predicted == nil }.map(\.id) == ["3", "4", "5", "6", "7"])
        #expect(outcomes[9].slices == ["side": "right"])
    }

    @Test("a predictor is asked through its named tensors")
    func asksPredictors() async throws {
        struct Threshold: Predictor {
            let signature = ModelSignature(
                inputs: [.init("x", .float32, shape: [-1, 1])], outputs: [.init("p", .float32, shape: [-1, 2])])
            func predict(_ inputs: [String: TensorValue]) async throws -> [String: TensorValue] {
                try signature.check(inputs: inputs)
                let x = try inputs["x"]?.floats() ?? []
                return ["p": try TensorValue(shape: [x.count, 2], floats: x.flatMap { $0 < 0.45 ? [1, 0] : [0, 1] })]
            }
        }
        let evaluation = Evaluation<LabeledVector>(batchSize: 4)
        let inputs: ([LabeledVector]) throws -> [String: TensorValue] = { batch in
            ["x": try TensorValue(shape: [batch.count, 1], floats: batch.map { Float($0.features[0]) })]
        }
        let outcomes = try await evaluation.outcomes(on: dataset, by: Threshold(), output: "p", inputs: inputs)
        #expect(outcomes.count == 10 && outcomes.allSatisfy { $0.isCorrect })
        await expectError(.invalidArgument) {
            _ = try await evaluation.outcomes(on: dataset, by: Threshold(), output: "q", inputs: inputs)
        }
    }

    @Test(
        "logits, missing rows and numbers that are none are refused",
        arguments: [
            [[2.5, -1]], [[0.5, 0.4]], [[.nan, 1]], [], [[1, 0], [1, 0]], [[]],
        ] as [[[Double]]])
    func refuses(_ rows: [[Double]]) async {
        await expectError(.invalidArgument) {
            _ = try await Evaluation<LabeledVector>(batchSize: 1).outcomes(on: dataset) { _ in rows }
        }
    }
}
