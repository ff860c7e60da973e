internal import Foundation
internal import MLOpsCore
internal import MLOpsTensor
internal import SwiftProtobuf

/// The content of an ONNX file: a graph, and the operator set whose definitions its operators follow.
struct ONNXDocument: Sendable {
    /// The graph.
    var graph: ModelGraph
    /// The versions of the operator sets.
    var operatorSets: OperatorSets

    /// The file format versions that are read.
    static let readableVersions = 3...14
    /// The operator sets that are read; each operator says in which of them its definition holds.
    static let readableOperatorSets = 7...latestOperatorSet
    /// The newest operator set that is known.
    static let latestOperatorSet = 28

    /// Reads a file; each constant is let go as a message when it is read.
    ///
    /// - Throws: `corruptData` for damaged bytes and graphs that do not hang together, `limitExceeded`, `unsupported`.
    init(_ bytes: Data, limits: ONNXLimits) throws {
        let parts = bytes.count <= limits.fileByteCount ? ONNXFileParts(bytes) : nil
        var model = try Self.message(bytes, limits: limits, parts: parts)
        operatorSets = try Self.operatorSets(of: model)
        graph = try Self.graph(of: &model, limits: limits) { index in
            guard let parts, parts.rawData.indices.contains(index) else { return nil }
            return parts.rawData[index].map {
                bytes[bytes.startIndex + $0.lowerBound..<bytes.startIndex + $0.upperBound]
            }
        }
        try GraphTopology.check(graph, code: .corruptData)
    }

    /// The message that a file is; throws `corruptData` or `limitExceeded`.
    ///
    /// - Parameter parts: those of the bytes, when large raw data are to be left where they are.
    static func message(
        _ bytes: Data, limits: ONNXLimits, parts: ONNXFileParts? = nil
    ) throws -> ONNXModelProto {
        try limits.check(bytes.count, \.fileByteCount, of: "the size of the model file")
        guard !bytes.isEmpty else {
            throw MLOpsError(.corruptData, "The model file is empty.", help: "Export the model again.")
        }
        var options = BinaryDecodingOptions()
        options.messageDepthLimit = 32
        options.discardUnknownFields = true
        do {
            guard let parts else { return try ONNXModelProto(serializedBytes: bytes, options: options) }
            return try ONNXModelProto(serializedBytes: parts.rest, options: options)
        } catch {
            throw MLOpsError(
                .corruptData, "The \(bytes.count) bytes are no ONNX model.",
                help: "The file is damaged or of another format; export the model again.", cause: error)
        }
    }

    private static func operatorSets(of model: ONNXModelProto) throws -> OperatorSets {
        guard model.hasGraph, model.hasIrVersion else {
            throw MLOpsError(
                .corruptData, "The model lacks its graph or its format version.",
                help: "The file is damaged or of another format; export the model again.")
        }
        var problems: [String] = []
        if !readableVersions.contains(Int(model.irVersion)) { problems.append("the IR version \(model.irVersion)") }
        if !model.functions.isEmpty { problems.append("functions (\(model.functions.map(\.name)))") }
        if !model.graph.sparseInitializer.isEmpty { problems.append("sparse constants") }
        guard problems.isEmpty else {
            throw MLOpsError(
                .unsupported, "The model uses \(problems.joined(separator: ", ")), which can't be read.",
                help: "Export it with IR \(readableVersions) and operator set \(readableOperatorSets); "
                    + "IR 8 and operator set 17 are the ones every reader knows.")
        }
        return try OperatorSets(model.opsetImport)
    }

    private static func graph(
        of model: inout ONNXModelProto, limits: ONNXLimits, rawData: (Int) -> Data?
    ) throws -> ModelGraph {
        var source = model.graph
        model.clearGraph()
        try limits.check(source.nodeCount, \.nodeCount, of: "the number of operators")
        let constants = try constants(of: &source, limits: limits, rawData: rawData)
        // Up to IR 3 every constant is an input as well; it stays a constant.
        let inputs = source.input.filter { constants[$0.name] == nil }
        for info in inputs + source.output { try limits.checkName(info.name) }
        return ModelGraph(
            name: source.name,
            signature: ModelSignature(
                inputs: try inputs.map { try ModelSignature.TensorSpec($0, limits: limits) },
                outputs: try source.output.map { try ModelSignature.TensorSpec($0, limits: limits) }),
            nodes: try nodes(of: source, limits: limits),
            constants: constants,
            metadata: Dictionary(model.metadataProps.map { ($0.key, $0.value) }) { _, last in last })
    }

    /// Takes the constants out of a graph, by name: the elements of none but one are in memory twice.
    ///
    /// - Parameter rawData: the raw data of the tensor at a place, where they were left in the file.
    static func constants(
        of source: inout ONNXGraphProto, limits: ONNXLimits, rawData: (Int) -> Data? = { _ in nil }
    ) throws -> [String: TensorValue] {
        var constants: [String: TensorValue] = [:]
        var tensors = source.initializer
        source.initializer = []
        for index in tensors.indices {
            let tensor = tensors[index]
            tensors[index] = ONNXTensorProto()
            try limits.checkName(tensor.name)
            let value = try TensorValue(tensor, limits: limits, rawData: rawData(index))
            guard constants.updateValue(value, forKey: tensor.name) == nil else {
                throw MLOpsError(
                    .corruptData, "The model has two constants '\(tensor.name)'.", help: "Export the model again.")
            }
        }
        return constants
    }

    /// The operators; one without a name, or with that of another, which the format allows, is named by its position.
    static func nodes(of source: ONNXGraphProto, limits: ONNXLimits) throws -> [ModelGraph.Node] {
        var taken = Set(source.node.map(\.name))
        var seen: Set<String> = [""]
        return try source.node.enumerated().map { index, node in
            let op = OperatorSets.join(domain: node.domain, name: node.opType)
            var name = node.name
            if !seen.insert(name).inserted {
                name = "\(op)_\(index)"
                while !taken.insert(name).inserted { name += "_" }
            }
            return try Self.node(node, op: op, name: name, limits: limits)
        }
    }

    private static func node(
        _ source: ONNXNodeProto, op: String, name: String, limits: ONNXLimits
    ) throws -> ModelGraph.Node {
        for name in source.input + source.output + [source.name, source.opType, source.domain] {
            try limits.checkName(name)
        }
        var attributes: [String: ModelGraph.Attribute] = [:]
        for attribute in source.attribute {
            try limits.checkName(attribute.name)
            let value = try ModelGraph.Attribute(attribute, limits: limits, in: name)
            guard attributes.updateValue(value, forKey: attribute.name) == nil else {
                throw MLOpsError(
                    .corruptData, "'\(name)' has two attributes '\(attribute.name)'.", help: "Export the model again.")
            }
        }
        var node = ModelGraph.Node(
            op, name: name, inputs: source.input, outputs: source.output, attributes: attributes)
        node.inputs += node.captures
        return node
    }
}
