internal import Foundation

/// A tensor as it passes between rooms: element type, shape, and bytes (row-major, little-endian).
///
/// The compute kernels have a tensor of their own in `MLOpsTensor`; this one is for hand-over, not for arithmetic.
public struct TensorValue: Sendable, Hashable {
    /// The type of the elements.
    public let elementType: ElementType
    /// The extent of each dimension; empty for a scalar.
    public let shape: [Int]
    /// The elements, row-major and little-endian; `BYTES` elements are each preceded by a 4-byte length.
    public let bytes: [UInt8]

    /// Makes a tensor from its bytes.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when shape and number of bytes disagree, or the shape is
    ///   negative or too large to count.
    public init(_ elementType: ElementType, shape: [Int], bytes: [UInt8]) throws {
        let count = try Self.elementCount(of: shape)
        if let size = elementType.byteCount {
            let (expected, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow, expected == bytes.count else {
                throw MLOpsError(
                    .invalidArgument,
                    "A tensor \(elementType.rawValue)\(shape) needs \(overflow ? "too many" : "\(expected)") bytes, "
                        + "but \(bytes.count) were given.",
                    help: "Give as many elements as the product of the shape.")
            }
        } else {
            let found = try Self.split(bytes).count
            guard found == count else {
                throw MLOpsError(
                    .invalidArgument, "A tensor BYTES\(shape) needs \(count) elements, but \(found) were given.",
                    help: "Give as many elements as the product of the shape.")
            }
        }
        self.elementType = elementType
        self.shape = shape
        self.bytes = bytes
    }

    /// Makes a tensor of 32-bit floats.
    public init(shape: [Int], floats: [Float]) throws {
        try self.init(.float32, shape: shape, bytes: floats.withUnsafeBytes { Array($0) })
    }

    /// Makes a tensor of byte strings of shape [N].
    public init(byteStrings: [[UInt8]]) throws {
        var bytes = [UInt8]()
        bytes.reserveCapacity(byteStrings.reduce(0) { $0 + 4 + $1.count })
        for string in byteStrings {
            withUnsafeBytes(of: UInt32(string.count).littleEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: string)
        }
        try self.init(.bytes, shape: [byteStrings.count], bytes: bytes)
    }

    /// The number of elements.
    public var elementCount: Int { shape.reduce(1, *) }

    /// The elements of an `FP32` tensor; throws `invalidArgument` for another type.
    public func floats() throws -> [Float] {
        guard elementType == .float32 else {
            throw MLOpsError(
                .invalidArgument, "Expected a tensor FP32, but it is \(elementType.rawValue)\(shape).",
                help: "Ask for an output of 32-bit floats.")
        }
        return bytes.withUnsafeBytes { raw in
            [Float](unsafeUninitializedCapacity: raw.count / 4) { buffer, count in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: raw)
                count = raw.count / 4
            }
        }
    }

    /// The elements of a `BYTES` tensor; throws `invalidArgument` for another type.
    public func byteStrings() throws -> [ArraySlice<UInt8>] {
        guard elementType == .bytes else {
            throw MLOpsError(
                .invalidArgument, "Expected a tensor BYTES, but it is \(elementType.rawValue)\(shape).",
                help: "Give an input of byte strings.")
        }
        return try Self.split(bytes)
    }

    /// The product of a shape; throws `invalidArgument` for negative extents or a product that overflows.
    public static func elementCount(of shape: [Int]) throws -> Int {
        var count = 1
        for extent in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            guard extent >= 0, !overflow else {
                throw MLOpsError(
                    .invalidArgument, "The shape \(shape) is not one a tensor can have.",
                    help: "Give extents of 0 or more whose product fits in 64 bits.")
            }
            count = product
        }
        return count
    }

    private static func split(_ bytes: [UInt8]) throws -> [ArraySlice<UInt8>] {
        var strings: [ArraySlice<UInt8>] = []
        var position = 0
        while position < bytes.count {
            guard bytes.count - position >= 4 else { throw truncated(at: position) }
            let length =
                Int(bytes[position]) | Int(bytes[position + 1]) << 8 | Int(bytes[position + 2]) << 16
                | Int(bytes[position + 3]) << 24
            position += 4
            guard bytes.count - position >= length else { throw truncated(at: position) }
            strings.append(bytes[position..<position + length])
            position += length
        }
        return strings
    }

    private static func truncated(at position: Int) -> MLOpsError {
        MLOpsError(
            .invalidArgument, "A tensor BYTES ends in the middle of an element, at byte \(position).",
            help: "Precede each element by its length as 4 bytes, little-endian.")
    }
}

extension TensorValue: Codable {
    private enum CodingKeys: String, CodingKey { case elementType = "datatype", shape, bytes = "base64" }

    /// Reads datatype, shape and the bytes in base 64.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let text = try container.decode(String.self, forKey: .bytes)
        guard let bytes = Data(base64Encoded: text) else {
            throw DecodingError.dataCorruptedError(
                forKey: .bytes, in: container, debugDescription: "the bytes are not in base 64")
        }
        try self.init(
            container.decode(ElementType.self, forKey: .elementType),
            shape: container.decode([Int].self, forKey: .shape),
            bytes: Array(bytes))
    }

    /// Writes datatype, shape and the bytes in base 64.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(elementType, forKey: .elementType)
        try container.encode(shape, forKey: .shape)
        try container.encode(Data(bytes).base64EncodedString(), forKey: .bytes)
    }
}
