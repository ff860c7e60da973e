public import Foundation
public import MLOpsCore
internal import MLOpsTensor
internal import SwiftProtobuf

/// What is in an ONNX file, whether or not it can be run here.
public struct ONNXSummary: Sendable, Hashable, Codable {
    /// How often an operator is used.
    public struct OperatorUse: Sendable, Hashable, Codable {
        /// The name in the standard; with its domain where that is another one.
        public var name: String
        /// How many nodes there are of it.
        public var count: Int
        /// Whether the interpreter knows it.
        public var isKnown: Bool
    }

    /// The size of the file.
    public var byteCount: Int
    /// The IR version.
    public var formatVersion: Int
    /// The version of each operator set by its domain; that of the standard is `ai.onnx`.
    public var operatorSets: [String: Int]
    /// What wrote the file, with its version.
    public var producer: String
    /// The name of the graph.
    public var graph: String
    /// The number of nodes.
    public var nodeCount: Int
    /// The number of elements of all constants.
    public var parameterCount: Int
    /// What it takes and gives; `nil` when that is not tensors alone.
    public var signature: ModelSignature?
    /// The operators, the most used first.
    public var operators: [OperatorUse]
    /// The texts that the file carries along.
    public var metadata: [String: String]
    /// Why the interpreter can't run it; `nil` when it can.
    public var problem: String?

    /// Reads the bytes of a file.
    ///
    /// - Throws: ``MLOpsError`` with `corruptData` when they are no ONNX model at all, `limitExceeded` when there are
    ///   too many.
    public init(of bytes: Data, limits: ONNXLimits = ONNXLimits()) throws {
        let model = try ONNXDocument.message(ModelBytes(bytes), limits: limits)
        let graph = model.graph
        byteCount = bytes.count
        formatVersion = Int(model.irVersion)
        let sets = model.opsetImport.map { ($0.domain.isEmpty ? "ai.onnx" : $0.domain, Int($0.version)) }
        operatorSets = Dictionary(sets) { _, last in last }
        producer = [model.producerName, model.producerVersion].filter { !$0.isEmpty }.joined(separator: " ")
        self.graph = graph.name
        nodeCount = graph.node.count
        parameterCount = graph.initializer.reduce(0) { sum, tensor in
            let count = (try? limits.elementCount(of: tensor.dims.map(Int.init), in: "a constant")) ?? 0
            return sum.addingReportingOverflow(count).overflow ? .max : sum + count
        }
        let counts = graph.node.reduce(into: [:]) {
            $0[OperatorSets.join(domain: $1.domain, name: $1.opType), default: 0] += 1
        }
        operators = counts.map { name, count in
            OperatorUse(name: name, count: count, isKnown: OperatorTable.operators[name] != nil)
        }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        metadata = Dictionary(model.metadataProps.map { ($0.key, $0.value) }) { _, last in last }
        let constants = Set(graph.initializer.map(\.name))
        signature = try? ModelSignature(
            inputs: graph.input.filter { !constants.contains($0.name) }.map { try .init($0, limits: limits) },
            outputs: graph.output.map { try .init($0, limits: limits) })
        do { _ = try ONNXSession(model: bytes, compute: Compute(threads: 1), limits: limits) } catch let error
            as MLOpsError
        {
            problem = error.message
        }
    }
}

extension ONNXSummary: CustomStringConvertible {
    /// The summary as lines for a person.
    public var description: String {
        func lines(_ specs: [ModelSignature.TensorSpec], _ what: String) -> [String] {
            specs.map { spec in
                let shape = spec.shape.map { $0 == -1 ? "?" : "\($0)" }.joined(separator: ", ")
                return "\(what)  \(spec.name)  \(spec.elementType.rawValue) [\(shape)]"
            }
        }
        let sets = operatorSets.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        var text = [
            "'\(graph)' by \(producer.isEmpty ? "an unnamed producer" : producer)",
            "IR \(formatVersion), operator sets: \(sets)",
            "\(nodeCount) nodes, \(parameterCount) parameters, \(byteCount) bytes",
        ]
        text += lines(signature?.inputs ?? [], "input ") + lines(signature?.outputs ?? [], "output")
        text += operators.map { use in
            let count = String(repeating: " ", count: max(0, 6 - "\(use.count)".count)) + "\(use.count)"
            return "\(count)  \(use.name)\(use.isKnown ? "" : "  (not known here)")"
        }
        text += metadata.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value.prefix(200))" }
        text.append(problem.map { "It can't be run: \($0)" } ?? "It can be run.")
        return text.joined(separator: "\n")
    }
}
