import Foundation
import MLOpsCore
import MLOpsData
import MLOpsONNX
import MLOpsServing
import MLOpsTensor
import Testing

@Suite struct RowsTests {
    @Test func `rows that are sent as JSON get the answer that training computes`() async throws {
        let entries = (0..<40).map { i in
            DatasetEntry(
                id: "\(i)", digest: Digest(of: Data("\(i)".utf8)), label: "dog",
                attributes: ["weight": "\(Double(i) * 1.37)", "breed": ["beagle", "poodle", "pug"][i % 3]])
        }
        let training = try Split(seed: 1, train: 1)(DatasetVersion(entries: entries)).trainingRows(
            numbers: ["weight"], texts: ["breed"])
        let preprocessing = try Preparation([
            ColumnPreparation("weight", .standardized, imputing: .mean), ColumnPreparation("breed", .oneHot),
        ]).fit(on: training)
        let graph = try ModelGraph(preprocessing)
        let package = try ModelPackage(
            manifest: .init(name: "rows", format: .onnx, signature: graph.signature, labels: []),
            files: ONNXSerializer().serialize(graph))
        let model = ServedModel(
            "rows", package: package, predictor: try await ONNXModelRuntime().predictor(for: package),
            decoder: RowInputDecoder(preprocessing))
        try await InferenceServer(serving: [model], configuration: .init(port: 0)).whileRunning { url in
            func infer(_ rows: [String]) async throws -> Reply {
                let inputs: [[String: Any]] = [
                    ["name": "rows", "datatype": "BYTES", "shape": [rows.count], "data": rows]
                ]
                let body = try JSONSerialization.data(withJSONObject: ["inputs": inputs])
                return try await Reply.post(url, "/v2/models/rows/infer", body)
            }
            let reply = try await infer([#"{"weight":12.25,"breed":"pug"}"#, #"{"breed":"unheard of"}"#])
            let data = (reply.json["outputs"] as? [[String: Any]])?.first?["data"] as? [Double]
            let wanted = try preprocessing.features(
                of: preprocessing.row(of: ["weight": .number(12.25), "breed": .text("pug")])
                    + preprocessing.row(of: ["breed": .text("unheard of")]))
            #expect(reply.status == 200 && data?.count == wanted.count, "\(reply.text)")
            for (found, value) in zip(data ?? [], wanted) { #expect(abs(found - Double(value)) < 1e-5) }
            for row in [#"{"weight":1}"#, #"{"weight":1,"breed":"pug","bread":2}"#, "junk"] {
                #expect(try await infer([row]).status == 400)
            }
        }
    }
}
