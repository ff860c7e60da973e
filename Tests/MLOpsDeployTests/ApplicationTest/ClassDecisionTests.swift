import MLOpsCore
import MLOpsDeploy
import Testing

@Suite struct ClassDecisionTests {
    @Test(
        arguments: [
            ([0.2, 0.8], 0.5, "dog"), ([0.5, 0.5], 0.5, "cat"), ([0.4, 0.6], 0.7, nil), ([.nan, 0.3], 0, "dog"),
            ([.nan, .nan], 0, nil), ([], 0, nil),
        ] as [([Double], Double, String?)])
    func `the first greatest probability counts when it reaches the threshold`(
        probabilities: [Double], threshold: Double, label: String?
    ) {
        let decision = ClassDecision(probabilities: probabilities, labels: ["cat", "dog"], threshold: threshold)
        #expect(decision.label == label)
    }

    @Test func `rows of tensors come apart and together again`() throws {
        let batch = try TensorValue(shape: [3, 2], floats: [1, 2, 3, 4, 5, 6])
        #expect(try batch.row(1).floats() == [3, 4])
        #expect(try TensorValue.concatenating((0..<3).map { try batch.row($0) }) == batch)
        let strings = try TensorValue(byteStrings: [[1], [], [2, 3]])
        #expect(try TensorValue.concatenating((0..<3).map { try strings.row($0) }) == strings)
        #expect(throws: MLOpsError.self) { try batch.row(3) }
        #expect(throws: MLOpsError.self) { try TensorValue.concatenating([batch, strings]) }
    }

    @Test("of two outputs of that shape, the one named probabilities is read, not the logits")
    func readsProbabilities() {
        let manifest = ModelPackage.Manifest(
            name: "pets", format: .onnx,
            signature: ModelSignature(
                inputs: [],
                outputs: [
                    .init("logits", .float32, shape: [-1, 2]), .init("probabilities", .float32, shape: [-1, 2]),
                ]),
            labels: ["cat", "dog"])
        #expect(manifest.probabilitiesOutput?.name == "probabilities")
    }
}
