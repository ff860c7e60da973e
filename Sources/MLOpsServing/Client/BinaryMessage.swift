internal import Foundation
internal import MLOpsCore

/// A request or answer of the binary-tensor extension: JSON, then the bytes of each tensor.
struct BinaryMessage {
    private struct Request: Encodable {
        var id: String?
        var parameters: [String: ParameterValue]
        var inputs: [JSONTensor]
    }

    let body: Data
    let headerLength: Int

    /// A request for all outputs as binary data.
    init(request inputs: [String: TensorValue], tags: [String: String], id: String?) throws {
        let sorted = inputs.sorted { $0.key < $1.key }
        var parameters = tags.mapValues(ParameterValue.text)
        parameters["binary_data_output"] = .bool(true)
        var body = try CanonicalJSON.encode(
            Request(
                id: id, parameters: parameters, inputs: sorted.map { JSONTensor($0.key, $0.value, binary: true) }))
        headerLength = body.count
        for (_, value) in sorted { body.append(contentsOf: value.bytes) }
        self.body = body
    }

    /// The outputs of an answer, in JSON or binary, and the id of the request.
    ///
    /// - Throws: ``MLOpsError`` with `corruptData` when the answer is not what it says it is.
    static func readAnswer(
        _ body: Data, headerLength: String?, from url: URL
    ) throws -> (outputs: [String: TensorValue], id: String) {
        let length = headerLength.map { Int($0) ?? -1 } ?? body.count
        guard length >= 0, length <= body.count else { throw damaged("its header of \(length) bytes", url) }
        let header = try CanonicalJSON.decode(
            InferenceResponse.Header.self, from: body.prefix(length), source: "the answer of \(url)")
        var rest = body.dropFirst(length)
        var outputs: [String: TensorValue] = [:]
        for tensor in header.outputs {
            var bytes = tensor.bytes ?? []
            if let size = tensor.binarySize {
                guard size >= 0, size <= rest.count else { throw damaged("'\(tensor.name)' of \(size) bytes", url) }
                bytes = Array(rest.prefix(size))
                rest = rest.dropFirst(size)
            }
            do { outputs[tensor.name] = try TensorValue(tensor.datatype, shape: tensor.shape, bytes: bytes) } catch {
                throw damaged("'\(tensor.name)' \(tensor.datatype.rawValue)\(tensor.shape) of \(bytes.count) bytes", url)
            }
        }
        return (outputs, header.id ?? "")
    }

    private static func damaged(_ what: String, _ url: URL) -> MLOpsError {
        MLOpsError(
            .corruptData, "The answer of \(url) does not hold \(what).",
            help: "Check that it is an Open Inference Protocol v2 server, and that nothing between cuts answers.")
    }
}
