import Foundation
import MLOpsCore
import MLOpsONNX
import MLOpsTensor
import SwiftProtobuf
import Testing

/// Whole models, when `Tests/Oracles/onnx_models.py` or `Tests/Oracles/onnx_pipelines.py` has written them to a folder.
@Suite struct ModelConformanceTests {
    private static let folder = ProcessInfo.processInfo.environment["MLOPS_ONNX_MODELS"]

    private static func names() -> [String] {
        guard let folder else { return [] }
        return (try? OperatorCase.folders(below: URL(fileURLWithPath: folder)).map(\.lastPathComponent)) ?? []
    }

    @Test(.enabled(if: folder != nil), arguments: names()) func aModelComputesWhatONNXRuntimeDoes(name: String) throws {
        let folder = URL(fileURLWithPath: try #require(Self.folder)).appendingPathComponent(name)
        let operatorCase = try OperatorCase(folder)
        let session = try ONNXSession(model: operatorCase.model, compute: Compute())
        let names = session.signature.inputs.map(\.name)
        try #require(names.count == operatorCase.inputs.count)
        let results = try session.run(Dictionary(zip(names, operatorCase.inputs)) { a, _ in a })
        #expect(try operatorCase.difference(from: results, of: session.signature) == nil)
        if let bytes = try? Data(contentsOf: folder.appendingPathComponent("classes.pb")) {
            let classes = try TensorValue(ONNXTensorProto(serializedBytes: bytes))
            #expect(Array(session.labels.values) == [classes])
        }
    }
}
