import MLOpsCore
import MLOpsMonitor
import Testing

/// Class 1 scores the mean of the lower right quarter of an 8 × 8 picture, class 0 the rest of 1.
private struct CornerPredictor: Predictor {
    let signature = ModelSignature(
        inputs: [.init("picture", .float32, shape: [-1, 1, 8, 8])],
        outputs: [.init("scores", .float32, shape: [-1, 2])])

    func predict(_ inputs: [String: TensorValue]) async throws -> [String: TensorValue] {
        try signature.check(inputs: inputs)
        let floats = try inputs["picture"]?.floats() ?? []
        let scores = stride(from: 0, to: floats.count, by: 64).flatMap { start -> [Float] in
            var sum: Float = 0
            for y in 4..<8 { for x in 4..<8 { sum += floats[start + 8 * y + x] } }
            return [1 - sum / 16, sum / 16]
        }
        return ["scores": try TensorValue(shape: [scores.count / 2, 2], floats: scores)]
    }
}

@Suite("Occlusion")
struct OcclusionExplainerTests {
    private let picture = try? TensorValue(shape: [1, 1, 8, 8], floats: [Float](repeating: 1, count: 64))

    @Test("The importance is all in the quarter that the model looks at", arguments: [1, 3, 16])
    func quarter(batchSize: Int) async throws {
        let explainer = OcclusionExplainer(window: 2, stride: 2, batchSize: batchSize)
        let map = try await explainer.explain(try #require(picture), classIndex: 1, with: CornerPredictor())
        #expect(map.rows == 4 && map.columns == 4 && map.score == 1)
        for row in 0..<4 {
            for column in 0..<4 {
                #expect(map.importances[4 * row + column] == (row >= 2 && column >= 2 ? 0.25 : 0))
            }
        }
        #expect(try #require(map.peak).importance == 0.25)
    }

    @Test("A class that the model lacks, a bad picture and a bad window throw")
    func badInput() async throws {
        let picture = try #require(picture)
        await #expect(throws: MLOpsError.self) {
            try await OcclusionExplainer(window: 2, stride: 2).explain(picture, classIndex: 2, with: CornerPredictor())
        }
        await #expect(throws: MLOpsError.self) {
            try await OcclusionExplainer(window: 0, stride: 2).explain(picture, classIndex: 1, with: CornerPredictor())
        }
        let flat = try TensorValue(shape: [1, 64], floats: [Float](repeating: 1, count: 64))
        await #expect(throws: MLOpsError.self) {
            try await OcclusionExplainer(window: 2, stride: 2).explain(flat, classIndex: 1, with: CornerPredictor())
        }
    }
}
