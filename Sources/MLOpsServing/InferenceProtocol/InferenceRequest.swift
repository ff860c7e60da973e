internal import Foundation
internal import MLOpsCore

/// An inference request of the Open Inference Protocol v2, read from the body of an HTTP request.
///
/// Source: Open Inference Protocol, "HTTP/REST"; Triton Inference Server, "Binary Tensor Data Extension".
struct InferenceRequest {
    /// An output that the client asks for.
    struct Output: Codable {
        var name: String
        var parameters: [String: ParameterValue]?
    }

    private struct Header: Decodable {
        var id: String?
        var parameters: [String: ParameterValue]?
        var inputs: [JSONTensor]
        var outputs: [Output]?
    }

    /// Names of parameters that steer the protocol, so that they are no tags.
    private static let reserved: Set = [
        "binary_data_output", "sequence_id", "sequence_start", "sequence_end", "priority", "timeout", "headers",
    ]

    var id: String?
    var inputs: [String: TensorValue]
    var outputs: [Output]?
    var wantsBinary: Bool
    var tags: [String: String]

    /// Reads a body: JSON, followed by binary tensors when the header's length is given.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when the JSON, a tensor or a length is not right.
    init(_ body: [UInt8], headerLength: String?) throws {
        let length = headerLength.map { Int($0) ?? -1 } ?? body.count
        guard length >= 0, length <= body.count else {
            throw MLOpsError(
                .invalidArgument, "Inference-Header-Content-Length is '\(headerLength ?? "")', the body has "
                    + "\(body.count) bytes.",
                help: "Give the number of bytes of the JSON, which comes first in the body.")
        }
        let header: Header
        do { header = try JSONDecoder().decode(Header.self, from: Data(body[..<length])) } catch {
            throw MLOpsError(
                .invalidArgument, "The request is no inference request: \(Self.explain(error)).",
                help: "Send the JSON of the Open Inference Protocol v2.", cause: error)
        }
        var inputs: [String: TensorValue] = [:]
        var rest = body[length...]
        for tensor in header.inputs {
            guard inputs[tensor.name] == nil else {
                throw MLOpsError(.invalidArgument, "The input '\(tensor.name)' is given twice.", help: "Give it once.")
            }
            var bytes = tensor.bytes ?? []
            if let size = tensor.binarySize {
                guard tensor.bytes == nil, size >= 0, size <= rest.count else {
                    throw MLOpsError(
                        .invalidArgument, "The input '\(tensor.name)' says it has \(size) binary bytes; \(rest.count) "
                            + "are left\(tensor.bytes == nil ? "" : ", and it has data too").",
                        help: "Send the tensors after the JSON, in the order of the inputs.")
                }
                bytes = Array(rest.prefix(size))
                rest = rest.dropFirst(size)
            }
            inputs[tensor.name] = try TensorValue(tensor.datatype, shape: tensor.shape, bytes: bytes)
        }
        guard rest.isEmpty else {
            throw MLOpsError(
                .invalidArgument, "\(rest.count) bytes after the JSON belong to no input.",
                help: "Give each binary input its 'binary_data_size'.")
        }
        id = header.id.flatMap { $0.isEmpty ? nil : $0 }
        self.inputs = inputs
        outputs = header.outputs
        wantsBinary = header.parameters?.bool("binary_data_output") ?? false
        tags = (header.parameters ?? [:]).compactMapValues { if case .text(let text) = $0 { text } else { nil } }
            .filter { !Self.reserved.contains($0.key) }
    }

    private init(id: String?, inputs: [String: TensorValue], tags: [String: String]) {
        self.id = id
        self.inputs = inputs
        self.tags = tags
        outputs = nil
        wantsBinary = false
    }

    /// A request whose body is one encoded picture; the query gives the tags.
    static func picture(
        _ body: [UInt8], of model: ServedModel, query: some Sequence<(key: Substring, value: Substring)>
    ) throws -> InferenceRequest {
        guard let input = model.imageInput else {
            throw MLOpsError(
                .invalidArgument, "The model '\(model.name)' takes no encoded pictures.", help: "Send its tensors.")
        }
        let tags = query.map { (String($0.key), String($0.value)) }
        return InferenceRequest(
            id: nil, inputs: [input.name: try TensorValue(byteStrings: [body])],
            tags: Dictionary(tags) { first, _ in first })
    }

    /// The outputs asked for, each with whether it is sent as binary; all of them when none is named.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for an output that the model does not have.
    func requestedOutputs(of signature: ModelSignature) throws -> [(name: String, binary: Bool)] {
        guard let outputs, !outputs.isEmpty else { return signature.outputs.map { ($0.name, wantsBinary) } }
        return try outputs.map { output in
            guard signature.outputs.contains(where: { $0.name == output.name }) else {
                throw MLOpsError(
                    .invalidArgument, "The model has no output '\(output.name)'.",
                    help: "Its outputs are \(signature.outputs.map(\.name)).")
            }
            if output.parameters?["classification"] != nil {
                throw MLOpsError(
                    .unsupported, "The classification extension is not there.", help: "Ask for the output itself.")
            }
            return (output.name, output.parameters?.bool("binary_data") ?? wantsBinary)
        }
    }

    private static func explain(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return (error as? MLOpsError)?.message ?? "\(error)" }
        switch error {
        case .keyNotFound(let key, let context): return "'\(path(context, key))' is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            return "\(context.codingPath.isEmpty ? "" : "'\(path(context))': ")\(context.debugDescription)"
        @unknown default: return "\(error)"
        }
    }

    private static func path(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
        (context.codingPath + (key.map { [$0] } ?? [])).map { $0.intValue.map(String.init) ?? $0.stringValue }
            .joined(separator: ".")
    }
}
