internal import Foundation
internal import MLOpsCore

/// A tensor in the JSON of a request or an answer; its elements stand in `data`, or in the binary part of the body.
struct JSONTensor: Codable {
    var name: String
    var datatype: ElementType
    var shape: [Int]
    var parameters: [String: ParameterValue]
    /// The elements as the bytes of a ``TensorValue``; `nil` when they are in the binary part.
    var bytes: [UInt8]?

    enum CodingKeys: String, CodingKey { case name, datatype, shape, parameters, data }

    /// The bytes in the binary part of the body; `nil` when the elements are in the JSON.
    var binarySize: Int? { parameters.integer("binary_data_size") }

    /// A tensor of an answer, with its elements in the JSON or left for the binary part.
    init(_ name: String, _ value: TensorValue, binary: Bool) {
        self.name = name
        datatype = value.elementType
        shape = value.shape
        parameters = binary ? ["binary_data_size": .integer(value.bytes.count)] : [:]
        bytes = binary ? nil : value.bytes
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        datatype = try container.decode(ElementType.self, forKey: .datatype)
        shape = try container.decode([Int].self, forKey: .shape)
        parameters = try container.decodeIfPresent([String: ParameterValue].self, forKey: .parameters) ?? [:]
        guard container.contains(.data) else { return }
        func numbers<Number: Decodable>(_ type: Number.Type) throws -> [UInt8] {
            try Self.elements(type, in: container).withUnsafeBytes { Array($0) }
        }
        switch datatype {
        case .bool:
            bytes = (try? Self.elements(Bool.self, in: container).map { $0 ? 1 : 0 }) ?? []
            if bytes?.isEmpty ?? true { bytes = try Self.elements(UInt8.self, in: container).map { $0 == 0 ? 0 : 1 } }
        case .uint8: bytes = try Self.elements(UInt8.self, in: container)
        case .uint16: bytes = try numbers(UInt16.self)
        case .uint32: bytes = try numbers(UInt32.self)
        case .uint64: bytes = try numbers(UInt64.self)
        case .int8: bytes = try numbers(Int8.self)
        case .int16: bytes = try numbers(Int16.self)
        case .int32: bytes = try numbers(Int32.self)
        case .int64: bytes = try numbers(Int64.self)
        case .float32: bytes = try numbers(Float.self)
        case .float64: bytes = try numbers(Double.self)
        case .float16:
            bytes = try Self.elements(Float.self, in: container).map(SmallFloat.half).withUnsafeBytes { Array($0) }
        case .bfloat16:
            bytes = try Self.elements(Float.self, in: container).map(SmallFloat.brain).withUnsafeBytes { Array($0) }
        case .bytes:
            bytes = try TensorValue(byteStrings: Self.elements(String.self, in: container).map { Array($0.utf8) }).bytes
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(datatype, forKey: .datatype)
        try container.encode(shape, forKey: .shape)
        if !parameters.isEmpty { try container.encode(parameters, forKey: .parameters) }
        guard let bytes else { return }
        func encode<Number: Encodable>(_ type: Number.Type, _ stride: Int) throws {
            let numbers = bytes.withUnsafeBytes { raw in
                (0..<raw.count / stride).map { raw.loadUnaligned(fromByteOffset: $0 * stride, as: type) }
            }
            try container.encode(numbers, forKey: .data)
        }
        switch datatype {
        case .bool: try container.encode(bytes.map { $0 != 0 }, forKey: .data)
        case .uint8: try container.encode(bytes, forKey: .data)
        case .uint16: try encode(UInt16.self, 2)
        case .uint32: try encode(UInt32.self, 4)
        case .uint64: try encode(UInt64.self, 8)
        case .int8: try encode(Int8.self, 1)
        case .int16: try encode(Int16.self, 2)
        case .int32: try encode(Int32.self, 4)
        case .int64: try encode(Int64.self, 8)
        case .float32: try encode(Float.self, 4)
        case .float64: try encode(Double.self, 8)
        case .float16: try container.encode(SmallFloat.floats(bytes, SmallFloat.float(half:)), forKey: .data)
        case .bfloat16: try container.encode(SmallFloat.floats(bytes, SmallFloat.float(brain:)), forKey: .data)
        case .bytes:
            let texts = try TensorValue(.bytes, shape: shape, bytes: bytes).byteStrings().map {
                guard let text = String(validating: $0, as: UTF8.self) else {
                    throw MLOpsError(
                        .invalidArgument, "'\(name)' holds bytes that are no text.", help: "Ask for binary data.")
                }
                return text
            }
            try container.encode(texts, forKey: .data)
        }
    }

    /// The elements of `data` in row-major order, whether they come flat or nested.
    private static func elements<Element: Decodable>(
        _ type: Element.Type, in container: KeyedDecodingContainer<CodingKeys>
    ) throws -> [Element] {
        if let flat = try? container.decode([Element].self, forKey: .data) { return flat }
        var elements: [Element] = []
        var nested = try container.nestedUnkeyedContainer(forKey: .data)
        try append(&nested, to: &elements)
        return elements
    }

    private static func append<Element: Decodable>(
        _ container: inout any UnkeyedDecodingContainer, to elements: inout [Element]
    ) throws {
        while !container.isAtEnd {
            if let row = try? container.decode([Element].self) {
                elements += row
            } else if var inner = try? container.nestedUnkeyedContainer() {
                try append(&inner, to: &elements)
            } else {
                elements.append(try container.decode(Element.self))
            }
        }
    }
}
