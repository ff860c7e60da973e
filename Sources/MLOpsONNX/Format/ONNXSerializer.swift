internal import Foundation
public import MLOpsCore
public import MLOpsTensor
internal import SwiftProtobuf

/// Writes a graph as an ONNX file, and reads it back.
///
/// The file has IR version 8 and operator set 17, which every reader knows. Its batch dimension is named `batch`,
/// weights are raw data, and the types of all values in between are written, as far as they can be inferred. Constants,
/// attributes and metadata are sorted by name, so equal graphs give equal bytes. A graph that the interpreter of this
/// library can't run is not written. Source: the ONNX standard, "Open Neural Network Exchange Intermediate
/// Representation (ONNX IR) Specification", https://onnx.ai/onnx/repo-docs/IR.html.
public struct ONNXSerializer: ModelSerializer {
    /// The path of the file in a package.
    public static let path = "model.onnx"
    /// The version of the file format that is written.
    public static let formatVersion = 8
    /// The operator set that is written, and that a ``ModelGraph`` speaks.
    public static let operatorSet = 17
    /// The operator sets whose graphs mean the same in 17, for the operators that are read.
    static let compatibleOperatorSets = 13...17

    /// How large a file may be.
    public var limits: ONNXLimits

    /// Makes a serializer.
    public init(limits: ONNXLimits = ONNXLimits()) { self.limits = limits }

    /// ONNX.
    public var format: ModelFormat { .onnx }

    /// The file `model.onnx` of a graph.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when the graph does not hang together, `unsupported` when an
    ///   operator of it is not known.
    public func serialize(_ model: ModelGraph) throws -> [ModelFile] {
        try GraphTopology.check(model, code: .invalidArgument)
        let types = try plan(model, invalid: .invalidArgument).types
        var file = ONNXModelProto()
        file.irVersion = Int64(Self.formatVersion)
        file.opsetImport = OperatorSets.written(for: model)
        file.producerName = "swift-mlops"
        file.graph = try ONNXGraphProto(model, types: types)
        file.metadataProps = model.metadata.sorted { $0.key < $1.key }.map { key, value in
            var entry = ONNXStringStringEntryProto()
            (entry.key, entry.value) = (key, value)
            return entry
        }
        let bytes: Data
        do { bytes = try file.serializedBytes() } catch {
            throw MLOpsError(
                .invalidArgument, "The graph '\(model.name)' can't be written as one ONNX file.",
                help: "A file holds at most 2 GiB; make the model smaller.", cause: error)
        }
        try limits.check(bytes.count, \.fileByteCount, of: "the size of the model file")
        return [try ModelFile(path: Self.path, bytes: bytes)]
    }

    /// The graph in the file `model.onnx`.
    ///
    /// - Throws: ``MLOpsError`` with `corruptData` when the file is missing or damaged, `limitExceeded`, or
    ///   `unsupported` when it speaks another operator set than 13 to 17 or has operators that are not known.
    public func deserialize(_ files: [ModelFile]) throws -> ModelGraph {
        guard let file = files.first(where: { $0.path == Self.path }) else {
            throw MLOpsError(
                .corruptData, "There is no file '\(Self.path)' among \(files.map(\.path)).",
                help: "Give the files of a package of the format onnx.")
        }
        let document = try ONNXDocument(file.bytes, limits: limits)
        guard Self.compatibleOperatorSets.contains(document.operatorSets.standard) else {
            throw MLOpsError(
                .unsupported,
                "The model speaks the operator set \(document.operatorSets.standard), "
                    + "but a graph takes \(Self.compatibleOperatorSets).",
                help: "Export it with operator set 17; an ONNXSession can run some models of other sets as they are.")
        }
        _ = try plan(document.graph, invalid: .corruptData)
        return document.graph
    }

    private func plan(_ graph: ModelGraph, invalid: MLOpsError.Code) throws -> OperatorGraph {
        let context = RunContext(compute: Compute(threads: 1), limits: limits)
        return try OperatorGraph(graph, OperatorSets(standard: Self.operatorSet), invalid: invalid, in: context)
    }
}
