package import Foundation
internal import MLOpsCore

/// Reads and writes named tensors in the safetensors format: a JSON header with offsets, then the plain elements.
///
/// Only `F32` is written and read. A SHA-256 of header and elements is kept in the metadata and checked.
/// Source: the format description of huggingface/safetensors.
package enum Safetensors {
    private struct Entry: Codable {
        var dtype: String
        var shape: [Int]
        var data_offsets: [Int]
    }

    private enum Field: Codable {
        case tensor(Entry)
        case metadata([String: String])

        init(from decoder: any Decoder) throws {
            if let entry = try? Entry(from: decoder) {
                self = .tensor(entry)
            } else {
                self = .metadata(try [String: String](from: decoder))
            }
        }

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .tensor(let entry): try entry.encode(to: encoder)
            case .metadata(let texts): try texts.encode(to: encoder)
            }
        }
    }

    private static let digestKey = "sha256"

    /// The file's bytes; equal tensors and metadata give equal bytes.
    package static func encode(_ tensors: [NamedTensor], metadata: [String: String]) throws -> Data {
        var elements = Data()
        elements.reserveCapacity(tensors.reduce(0) { $0 + 4 * $1.values.count })
        var header: [String: Field] = [:]
        for tensor in tensors {
            let start = elements.count
            tensor.values.withUnsafeBytes { elements.append(contentsOf: $0) }
            header[tensor.name] = .tensor(
                Entry(dtype: "F32", shape: tensor.shape, data_offsets: [start, elements.count]))
        }
        header["__metadata__"] = .metadata(metadata)
        var signed = metadata
        signed[digestKey] = try digest(of: header, elements)
        header["__metadata__"] = .metadata(signed)
        var text = try CanonicalJSON.encode(header)
        // Readers map the elements in place, so they start at a multiple of 8.
        text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - text.count % 8) % 8))
        var file = Data()
        file.reserveCapacity(8 + text.count + elements.count)
        withUnsafeBytes(of: UInt64(text.count).littleEndian) { file.append(contentsOf: $0) }
        file.append(text)
        file.append(elements)
        return file
    }

    /// The digest of a header without one, as canonical JSON, and of the elements.
    private static func digest(of header: [String: Field], _ elements: some DataProtocol) throws -> String {
        var digester = Digester()
        digester.update(try CanonicalJSON.encode(header))
        digester.update(elements)
        return digester.finalize().description
    }

    /// The tensors, in the order in which they lie in the file, and the metadata.
    ///
    /// - Throws: ``MLOpsError`` with `corruptData` when the bytes are not such a file, whole and undamaged.
    package static func decode(
        _ file: Data, source: String
    ) throws -> (tensors: [NamedTensor], metadata: [String: String]) {
        func corrupt(_ what: String) -> MLOpsError {
            MLOpsError(
                .corruptData, "\(source) is no whole safetensors file: \(what).",
                help: "Copy the file again from where it was written.")
        }
        let bytes = [UInt8](file)
        guard bytes.count >= 8 else { throw corrupt("it has \(bytes.count) bytes") }
        let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(min(bytes.count - 8, 100_000_000)) else {
            throw corrupt("its header has \(length) bytes")
        }
        let start = 8 + Int(length)
        var header = try CanonicalJSON.decode([String: Field].self, from: Data(bytes[8..<start]), source: source)
        guard case .metadata(var metadata)? = header["__metadata__"],
            let expected = metadata.removeValue(forKey: digestKey)
        else {
            throw corrupt("it has no digest")
        }
        header["__metadata__"] = .metadata(metadata)
        let found = try digest(of: header, bytes[start...])
        guard found == expected else { throw corrupt("it has the digest \(found), not \(expected)") }
        var entries: [(name: String, entry: Entry)] = []
        for (name, field) in header {
            if case .tensor(let entry) = field { entries.append((name, entry)) }
        }
        // One without elements begins where the next does.
        func place(_ item: (name: String, entry: Entry)) -> (Int, Int, String) {
            (item.entry.data_offsets.first ?? 0, item.entry.data_offsets.last ?? 0, item.name)
        }
        entries.sort { place($0) < place($1) }
        var end = 0
        let tensors = try entries.map { name, entry in
            let count = try TensorValue.elementCount(of: entry.shape)
            guard entry.dtype == "F32", entry.data_offsets.count == 2, count <= bytes.count / 4,
                case (let from, let to) = (entry.data_offsets[0], entry.data_offsets[1]),
                // One behind the other: tensors that share their bytes would take many times the file's memory.
                from == end, to >= from, to <= bytes.count - start, to - from == 4 * count
            else { throw corrupt("the entry of '\(name)' does not fit") }
            let value = try TensorValue(.float32, shape: entry.shape, bytes: Array(bytes[start + from..<start + to]))
            end = to
            return NamedTensor(name, shape: entry.shape, values: try value.floats())
        }
        guard end == bytes.count - start else { throw corrupt("no tensor has its last bytes") }
        return (tensors, metadata)
    }
}
