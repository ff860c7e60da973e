internal import Foundation
internal import MLOpsCore
internal import MLOpsTensor

extension ONNXAttributeProto {
    /// A named attribute.
    init(_ name: String, _ attribute: ModelGraph.Attribute) throws {
        self.init()
        self.name = name
        switch attribute {
        case .int(let value): (type, i) = (.int, Int64(value))
        case .float(let value): (type, f) = (.float, value)
        case .string(let value): (type, s) = (.string, Data(value.utf8))
        case .ints(let values): (type, ints) = (.ints, values.map(Int64.init))
        case .floats(let values): (type, floats) = (.floats, values)
        case .strings(let values): (type, strings) = (.strings, values.map { Data($0.utf8) })
        case .tensor(let value): (type, t) = (.tensor, try ONNXTensorProto(value))
        case .graph:
            throw MLOpsError(
                .unsupported, "The attribute '\(name)' is a graph, which is read but not written.",
                help: "Write the model without control flow.")
        }
    }
}

extension ModelGraph.Attribute {
    /// Reads an attribute of a file; throws `unsupported` for types and sparse tensors, `corruptData` for broken ones.
    ///
    /// - Parameter lists: those of the attribute, where they were not read with it.
    init(_ attribute: ONNXAttributeProto, _ lists: AttributeLists?, limits: ONNXLimits, in node: String) throws {
        switch attribute.type {
        case .int: self = .int(Int(attribute.i))
        case .float: self = .float(attribute.f)
        case .string: self = .string(try Self.text(attribute.s, attribute, node))
        case .ints: self = .ints(lists?.ints ?? attribute.ints.map(Int.init))
        case .floats: self = .floats(lists?.floats ?? attribute.floats)
        case .strings:
            self = .strings(
                try lists?.strings ?? attribute.strings.map { try Self.text($0, attribute, node) })
        case .tensor: self = .tensor(try TensorValue(attribute.t, limits: limits))
        case .graph: self = .graph(try ModelGraph.Body(attribute.g, limits: limits))
        case .undefined:
            throw MLOpsError(
                .corruptData, "The attribute '\(attribute.name)' of '\(node)' has no type.",
                help: "The file is damaged or of a version before 2017; export the model again.")
        case .graphs, .tensors, .sparseTensor, .sparseTensors, .typeProto, .typeProtos:
            throw MLOpsError(
                .unsupported, "The attribute '\(attribute.name)' of '\(node)' is a \(attribute.type).",
                help: "Export the model without sparse tensors and lists of tensors.")
        }
    }

    private static func text(_ bytes: Data, _ attribute: ONNXAttributeProto, _ node: String) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw MLOpsError(
                .corruptData, "The attribute '\(attribute.name)' of '\(node)' is not text in UTF-8.",
                help: "Export the model again.")
        }
        return text
    }
}
