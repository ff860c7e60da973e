import Foundation
import MLOpsCore
import MLOpsData
import MLOpsONNX
import MLOpsTensor
import SwiftProtobuf
import Testing

/// A prepared table, a model of its features, and rows as a client sends them: one result wherever it is computed.
@Suite struct PreparationExportTests {
    private static let preparation = Preparation([
        ColumnPreparation("age", .standardized, imputing: .median, marksMissing: true),
        ColumnPreparation("weight", .range(0...1)), ColumnPreparation("height", .robust),
        ColumnPreparation("breed", .oneHot, imputing: .mostFrequent),
        ColumnPreparation("size", .ordinal(["small", "medium", "large"])), ColumnPreparation("time", .standardized),
    ])

    private func fitted() throws -> (TabularDataset<TrainingPart>, TabularPreprocessing) {
        var chance = SeededGenerator(seed: 4)
        let entries = (0..<120).map { i in
            var row = [
                "weight": "\(chance.uniform(in: 2...60))", "height": "\(chance.uniform(in: 10...90))",
                "size": ["small", "medium", "large"][chance.integer(below: 3)],
                "time": "\(1.7e9 + chance.uniform(in: 0...1000))",
            ]
            if chance.uniform() < 0.8 { row["age"] = "\(chance.integer(below: 15))" }
            if chance.uniform() < 0.9 { row["breed"] = ["beagle", "poodle", "мопс"][chance.integer(below: 3)] }
            return DatasetEntry(
                id: "\(i)", digest: Digest(of: Data("\(i)".utf8)), label: i % 3 == 0 ? "cat" : "dog", attributes: row)
        }
        let training = try Split(seed: 1, train: 1)(DatasetVersion(entries: entries)).trainingRows(
            numbers: ["age", "weight", "height", "time"], texts: ["breed", "size"])
        return (training, try Self.preparation.fit(on: training))
    }

    /// The weights of a logistic regression of the features, fitted by gradient descent on the mean cross-entropy.
    private func fittedWeights(to data: InMemoryDataset<LabeledVector>) -> [Float] {
        var rows: [(features: [Double], label: Double)] = []
        for i in 0..<data.count {
            let example = data.example(at: i)
            rows.append((example.features, Double(example.label)))
        }
        var weights = [Double](repeating: 0, count: rows[0].features.count)
        for _ in 0..<200 {
            var gradient = [Double](repeating: 0, count: weights.count)
            for (features, label) in rows {
                let logit = zip(features, weights).reduce(0.0) { $0 + $1.0 * $1.1 }
                let error = 1 / (1 + exp(-logit)) - label
                for j in features.indices { gradient[j] += error * features[j] / Double(rows.count) }
            }
            for j in weights.indices { weights[j] -= 0.5 * gradient[j] }
        }
        return weights.map { Float($0) }
    }

    /// A logistic regression of the features: its graph, and what it computes in Swift.
    private func model(with weights: [Float]) throws -> (graph: ModelGraph, probability: ([Float]) -> Double) {
        let count = weights.count
        let graph = ModelGraph(
            name: "regression",
            signature: ModelSignature(
                inputs: [.init("features", .float32, shape: [-1, count])],
                outputs: [.init("probability", .float32, shape: [-1, 1])]),
            nodes: [
                .init("MatMul", name: "matmul", inputs: ["features", "weights"], outputs: ["logit"]),
                .init("Sigmoid", name: "sigmoid", inputs: ["logit"], outputs: ["probability"]),
            ],
            constants: ["weights": try TensorValue(shape: [count, 1], floats: weights)])
        return (graph, { features in 1 / (1 + exp(-zip(features, weights).reduce(0.0) { $0 + Double($1.0 * $1.1) })) })
    }

    @Test("rows give the same in training, in the exported file and as a client's JSON")
    func agreesEverywhere() async throws {
        let (training, preprocessing) = try fitted()
        let dataset = try training.prepared(by: preprocessing)
        let (regression, probability) = try model(with: fittedWeights(to: dataset))
        let graph = try regression.preceded(by: ModelGraph(preprocessing))
        let files = try ONNXExporter(compute: Compute(threads: 1)).files(of: graph) { inputs in
            let rows = try #require(inputs["rows"])
            let numbers = rows.bytes.withUnsafeBytes { raw in
                (0..<rows.elementCount).map { raw.loadUnaligned(fromByteOffset: $0 * 8, as: Double.self) }
            }
            let width = preprocessing.columns.count
            let answers = try (0..<rows.shape[0]).map { i in
                Float(probability(try preprocessing.features(of: Array(numbers[i * width..<(i + 1) * width]))))
            }
            return ["probability": try TensorValue(shape: [answers.count, 1], floats: answers)]
        }
        let package = try ModelPackage(
            manifest: .init(name: "tables", format: .onnx, signature: graph.signature, labels: []), files: files)
        let predictor = try await ONNXModelRuntime().predictor(for: package)

        let decoder = RowInputDecoder(preprocessing)
        let rows = try training.table.rows(for: preprocessing)
        let input = try TensorValue(
            .float64, shape: [training.ids.count, preprocessing.columns.count],
            bytes: rows.withUnsafeBytes { Array($0) })
        let outputs = try await predictor.predict(["rows": input])
        let served = try #require(outputs["probability"]).floats()
        for (i, found) in served.enumerated() {
            let wanted = probability(dataset.example(at: i).features.map { Float($0) })
            #expect(abs(Double(found) - wanted) < 1e-5)
        }

        // One row, as a client sends it, through the decoder that the server calls.
        let json = Array(#"{"weight":12.5,"height":33,"size":"large","time":1700000500,"breed":"unheard of"}"#.utf8)
        let row = try decoder.decode(json, for: graph.signature.inputs[0])
        let batch = try TensorValue(.float64, shape: [1] + row.shape, bytes: row.bytes)
        let answer = try #require(try await predictor.predict(["rows": batch])["probability"]).floats()
        let numbers = try preprocessing.row(of: [
            "weight": .number(12.5), "height": .number(33), "size": .text("large"), "time": .number(1_700_000_500),
            "breed": .text("unheard of"),
        ])
        #expect(abs(Double(answer[0]) - (try probability(preprocessing.features(of: numbers)))) < 1e-5)

        // What `Tests/Oracles/onnx_check.py` reads: the file, rows, and what the trainer computed of them.
        guard let root = ProcessInfo.processInfo.environment["MLOPS_ONNX_EXPORT"] else { return }
        let folder = URL(filePath: root).appending(path: "graphs/tables")
        try DurableFile.makeFolder(folder)
        try DurableFile.write(files[0].bytes, to: folder.appending(path: "model.onnx"))
        let own = try TensorValue(
            shape: [served.count, 1],
            floats: (0..<served.count).map { Float(probability(dataset.example(at: $0).features.map { Float($0) })) })
        for (file, value) in [("input_0.pb", input), ("output_0.pb", own)] {
            let bytes: Data = try ONNXTensorProto(value).serializedBytes()
            try DurableFile.write(bytes, to: folder.appending(path: file))
        }
    }

    @Test("the graph's features are those of the preprocessing, to the bit") func agreesToTheBit() throws {
        let (training, preprocessing) = try fitted()
        let rows = try training.table.rows(for: preprocessing)
        let input = try TensorValue(
            .float64, shape: [training.ids.count, preprocessing.columns.count],
            bytes: rows.withUnsafeBytes { Array($0) })
        let session = try ONNXSession(ModelGraph(preprocessing), compute: Compute(threads: 1))
        let features = try #require(try session.run(["rows": input])["features"]).floats()
        #expect(features == (try preprocessing.features(of: rows)))
        #expect(features.allSatisfy { $0.isFinite })
    }

    @Test("a graph that gives nothing that is taken does not precede") func refusesStrangers() throws {
        let (_, preprocessing) = try fitted()
        let (regression, _) = try model(with: [1, 2, 3])
        #expect(throws: MLOpsError.self) { try ModelGraph(preprocessing).preceded(by: regression) }
        #expect(throws: MLOpsError.self) { try regression.preceded(by: SampleGraphs.classifier()) }
    }
}
