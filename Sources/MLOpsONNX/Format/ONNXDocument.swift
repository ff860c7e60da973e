internal import Foundation
internal import MLOpsCore
internal import MLOpsTensor
internal import SwiftProtobuf

/// The content of an ONNX file: a graph, and the operator set whose definitions its operators follow.
struct ONNXDocument: Sendable {
    /// The graph.
    var graph: ModelGraph
    /// The constants that were left in the file, by name; the graph has the others.
    private(set) var stored: [String: StoredTensor]
    /// The versions of the operator sets.
    var operatorSets: OperatorSets

    /// The file format versions that are read.
    static let readableVersions = 3...14
    /// The operator sets that are read; each operator says in which of them its definition holds.
    static let readableOperatorSets = 7...latestOperatorSet
    /// The newest operator set that is known.
    static let latestOperatorSet = 28

    /// Reads the bytes of a file with all its constants.
    ///
    /// - Throws: `corruptData` for damaged bytes and graphs that do not hang together, `limitExceeded`, `unsupported`.
    init(_ bytes: Data, limits: ONNXLimits) throws {
        try self.init(ModelBytes(bytes), limits: limits)
        for (name, tensor) in stored { graph.constants[name] = try tensor.loaded() }
        stored = [:]
    }

    /// Reads a file, but leaves large constants where they are.
    init(_ bytes: ModelBytes, limits: ONNXLimits) throws {
        let parts = bytes.count <= limits.fileByteCount ? try ONNXFileParts(bytes) : nil
        var model = try Self.message(bytes, limits: limits, parts: parts)
        operatorSets = try Self.operatorSets(of: model)
        (graph, stored) = try Self.graph(of: &model, bytes, parts, limits: limits)
        try GraphTopology.check(graph, stored: stored.keys, code: .corruptData)
    }

    /// The message that a file is; throws `corruptData` or `limitExceeded`.
    ///
    /// - Parameter parts: those of the bytes, when what there is much of is to be left out.
    static func message(
        _ bytes: ModelBytes, limits: ONNXLimits, parts: ONNXFileParts? = nil
    ) throws -> ONNXModelProto {
        try limits.check(bytes.count, \.fileByteCount, of: "the size of the model file")
        guard bytes.count > 0 else {
            throw MLOpsError(.corruptData, "The model file is empty.", help: "Export the model again.")
        }
        var options = BinaryDecodingOptions()
        options.messageDepthLimit = 32
        options.discardUnknownFields = true
        let whole = try parts == nil ? bytes.data() : Data()
        do {
            guard let parts else { return try ONNXModelProto(serializedBytes: whole, options: options) }
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
        of model: inout ONNXModelProto, _ bytes: ModelBytes, _ parts: ONNXFileParts?, limits: ONNXLimits
    ) throws -> (ModelGraph, [String: StoredTensor]) {
        var source = model.graph
        model.clearGraph()
        try limits.check(source.nodeCount, \.nodeCount, of: "the number of operators")
        var stored: [String: StoredTensor] = [:]
        let constants = try constants(of: &source, limits: limits) { tensor, index in
            // Raw data of strings mean nothing.
            guard let parts, parts.rawData.indices.contains(index), let place = parts.rawData[index],
                tensor.dataType != ONNXTensorProto.DataType.string.rawValue
            else { return false }
            stored[tensor.name] = try StoredTensor(tensor, at: place, of: bytes, limits)
            return true
        }
        // Up to IR 3 every constant is an input as well; it stays a constant.
        let inputs = source.input.filter { constants[$0.name] == nil && stored[$0.name] == nil }
        for info in inputs + source.output { try limits.checkName(info.name) }
        let graph = ModelGraph(
            name: source.name,
            signature: ModelSignature(
                inputs: try inputs.map { try ModelSignature.TensorSpec($0, limits: limits) },
                outputs: try source.output.map { try ModelSignature.TensorSpec($0, limits: limits) }),
            nodes: try nodes(of: source, limits: limits, parts: parts),
            constants: constants,
            metadata: Dictionary(model.metadataProps.map { ($0.key, $0.value) }) { _, last in last })
        return (graph, stored)
    }

    /// Takes the constants out of a graph, by name: the elements of none but one are in memory twice.
    ///
    /// - Parameter leaves: is given each tensor and its place, and leaves it in the file if it lies there.
    static func constants(
        of source: inout ONNXGraphProto, limits: ONNXLimits,
        leaving leaves: (ONNXTensorProto, _ index: Int) throws -> Bool = { _, _ in false }
    ) throws -> [String: TensorValue] {
        var constants: [String: TensorValue] = [:]
        var names = Set<String>()
        var tensors = source.initializer
        source.initializer = []
        for index in tensors.indices {
            let tensor = tensors[index]
            tensors[index] = ONNXTensorProto()
            try limits.checkName(tensor.name)
            guard names.insert(tensor.name).inserted else {
                throw MLOpsError(
                    .corruptData, "The model has two constants '\(tensor.name)'.", help: "Export the model again.")
            }
            if try !leaves(tensor, index) { constants[tensor.name] = try TensorValue(tensor, limits: limits) }
        }
        return constants
    }

    /// The operators; one without a name, or with that of another, which the format allows, is named by its position.
    static func nodes(
        of source: ONNXGraphProto, limits: ONNXLimits, parts: ONNXFileParts? = nil
    ) throws -> [ModelGraph.Node] {
        var taken = Set(source.node.map(\.name))
        var seen: Set<String> = [""]
        return try source.node.enumerated().map { index, node in
            let op = OperatorSets.join(domain: node.domain, name: node.opType)
            var name = node.name
            if !seen.insert(name).inserted {
                name = "\(op)_\(index)"
                while !taken.insert(name).inserted { name += "_" }
            }
            return try Self.node(node, op: op, name: name, limits: limits) {
                parts?.lists(node: index, attribute: $0)
            }
        }
    }

    private static func node(
        _ source: ONNXNodeProto, op: String, name: String, limits: ONNXLimits, lists: (Int) -> AttributeLists?
    ) throws -> ModelGraph.Node {
        for name in source.input + source.output + [source.name, source.opType, source.domain] {
            try limits.checkName(name)
        }
        var attributes: [String: ModelGraph.Attribute] = [:]
        for (index, attribute) in source.attribute.enumerated() {
            try limits.checkName(attribute.name)
            let value = try ModelGraph.Attribute(attribute, lists(index), limits: limits, in: name)
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
