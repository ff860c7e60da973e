import Foundation
import MLOpsCore
import MLOpsONNX
import SwiftProtobuf
import Testing

/// A model with inputs and the outputs it must give, read from a folder: see `Tests/Oracles/onnx_node_tests.py`.
struct OperatorCase {
    let name: String
    let model: Data
    let inputs: [TensorValue]
    let outputs: [TensorValue]
    private let relative: Double
    private let absolute: Double

    init(_ folder: URL) throws {
        name = folder.lastPathComponent
        model = try Data(contentsOf: folder.appendingPathComponent("model.onnx"))
        inputs = try Self.tensors("input", in: folder)
        outputs = try Self.tensors("output", in: folder)
        let file = folder.appendingPathComponent("tolerance.txt")
        let numbers = (try? String(contentsOf: file, encoding: .utf8))?.split(whereSeparator: \.isWhitespace) ?? []
        (relative, absolute) = (
            numbers.first.flatMap { Double($0) } ?? 1e-5, numbers.last.flatMap { Double($0) } ?? 1e-5
        )
    }

    /// The folders of cases below a folder, by name.
    static func folders(below root: URL) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: root, includingPropertiesForKeys: nil)
            .filter { FileManager.default.fileExists(atPath: $0.appendingPathComponent("model.onnx").path) }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
    }

    /// What is wrong with the outputs that a session computed; `nil` when they agree.
    func difference(from results: [String: TensorValue], of signature: ModelSignature) throws -> String? {
        for (spec, expected) in zip(signature.outputs, outputs) {
            guard let found = results[spec.name] else { return "no output '\(spec.name)'" }
            guard found.elementType == expected.elementType, found.shape == expected.shape else {
                return
                    "'\(spec.name)' is \(found.elementType)\(found.shape), not \(expected.elementType)\(expected.shape)"
            }
            guard let a = Self.numbers(found), let b = Self.numbers(expected) else {
                if found.bytes != expected.bytes { return "'\(spec.name)' has other elements" }
                continue
            }
            for (i, (x, y)) in zip(a, b).enumerated() where !(x == y || (x.isNaN && y.isNaN)) {
                // A NaN on one side alone must not pass as "no larger difference".
                if !(abs(x - y) <= absolute + relative * abs(y)) { return "'\(spec.name)'[\(i)] is \(x), not \(y)" }
            }
        }
        return nil
    }

    private static func tensors(_ kind: String, in folder: URL) throws -> [TensorValue] {
        var found: [TensorValue] = []
        while let bytes = try? Data(contentsOf: folder.appendingPathComponent("\(kind)_\(found.count).pb")) {
            found.append(try TensorValue(ONNXTensorProto(serializedBytes: bytes)))
        }
        return found
    }

    private static func numbers(_ value: TensorValue) -> [Double]? {
        switch value.elementType {
        case .float32: try? value.floats().map(Double.init)
        case .float64: value.bytes.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
        default: nil
        }
    }
}
