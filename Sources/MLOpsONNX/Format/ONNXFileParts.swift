internal import Foundation

/// A model file in two parts: the large raw data of its constants, which stay where they are, and all the rest.
///
/// What reads messages copies every field of bytes. Weights are nearly all of a file, so they are looked up by their
/// places instead. Source: "Protocol Buffers: Encoding", https://protobuf.dev/programming-guides/encoding/; the numbers
/// of the fields are those of `onnx.proto`.
struct ONNXFileParts {
    /// Raw data with as many bytes or more stay where they are.
    private static let leastByteCount = 4096
    /// A varint of 64 bits has at most as many bytes.
    private static let longestVarint = 10

    /// The file with empty fields for the large raw data: a message that is read as usual.
    private(set) var rest: [UInt8] = []
    /// For each constant of the graph, in order, where its large raw data lie in the file.
    private(set) var rawData: [Range<Int>?] = []

    private enum Field {
        static let graphOfModel = 7
        static let initializerOfGraph = 5
        static let rawDataOfTensor = 9
    }

    /// Finds the parts; `nil` when the bytes are not fields throughout, which whoever reads the whole will say.
    init?(_ bytes: Data) {
        let found = bytes.withUnsafeBytes { bytes -> (rest: [UInt8], rawData: [Range<Int>?])? in
            var rawData: [Range<Int>?] = []
            let rest = Self.rewriting(bytes, 0..<bytes.count, field: Field.graphOfModel) { graph in
                Self.rewriting(bytes, graph, field: Field.initializerOfGraph) { tensor in
                    var place: Range<Int>?
                    let rest = Self.rewriting(bytes, tensor, field: Field.rawDataOfTensor) { content in
                        // Of a field that comes twice, the last one holds: such a tensor is left as it is.
                        guard content.count >= Self.leastByteCount, place == nil else { return nil }
                        place = content
                        return []
                    }
                    rawData.append(rest == nil ? nil : place)
                    return rest ?? Array(bytes[tensor])
                }
            }
            return rest.map { ($0, rawData) }
        }
        guard let found, found.rawData.contains(where: { $0 != nil }) else { return nil }
        (rest, rawData) = found
    }

    /// A message with the content of the fields of one number changed.
    ///
    /// - Parameter change: is given where the content of such a field lies.
    /// - Returns: `nil` when the bytes are no message, or `change` gives none.
    private static func rewriting(
        _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, field number: Int,
        _ change: (Range<Int>) -> [UInt8]?
    ) -> [UInt8]? {
        var result: [UInt8] = []
        var position = range.lowerBound
        while position < range.upperBound {
            let start = position
            guard let key = varint(bytes, &position, before: range.upperBound), key >> 3 != 0 else { return nil }
            switch key & 7 {
            case 0: guard varint(bytes, &position, before: range.upperBound) != nil else { return nil }
            case 1: position += 8
            case 5: position += 4
            case 2:
                guard let length = varint(bytes, &position, before: range.upperBound),
                    length <= UInt64(range.upperBound - position)
                else { return nil }
                let content = position..<position + Int(length)
                position = content.upperBound
                guard key >> 3 == UInt64(number) else { break }
                guard let changed = change(content) else { return nil }
                append(key, to: &result)
                append(UInt64(changed.count), to: &result)
                result += changed
                continue
            default: return nil
            }
            guard position <= range.upperBound else { return nil }
            result += bytes[start..<position]
        }
        return result
    }

    private static func varint(_ bytes: UnsafeRawBufferPointer, _ position: inout Int, before end: Int) -> UInt64? {
        var value: UInt64 = 0
        for shift in 0..<longestVarint {
            guard position < end else { return nil }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << UInt64(7 * shift)
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }

    private static func append(_ varint: UInt64, to result: inout [UInt8]) {
        var value = varint
        while value >= 0x80 {
            result.append(UInt8(value & 0x7F) | 0x80)
            value >>= 7
        }
        result.append(UInt8(value))
    }
}
