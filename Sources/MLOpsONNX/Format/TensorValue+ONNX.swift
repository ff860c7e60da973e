public import Foundation
public import MLOpsCore
internal import SwiftProtobuf

extension ONNXTensorProto {
    /// A tensor with its elements as raw data, or as strings.
    package init(_ value: TensorValue, name: String = "") throws {
        self.init()
        if !name.isEmpty { self.name = name }
        dims = value.shape.map(Int64.init)
        dataType = Int32(value.elementType.onnx.rawValue)
        if value.elementType == .bytes {
            stringData = try value.byteStrings().map { Data($0) }
        } else {
            rawData = Data(value.bytes)
        }
    }
}

extension ONNXTensorProto {
    /// Does something with the type and the shape, once they are found to be within the limits.
    ///
    /// - Throws: `unsupported` for data outside the file, `limitExceeded`, and `corruptData` in place of an
    ///   `invalidArgument` that says that elements do not fit the shape.
    func withTypeAndShape<Result>(
        _ limits: ONNXLimits, _ body: (ElementType, [Int]) throws -> Result
    ) throws -> Result {
        let what = "the tensor '\(name)'"
        guard dataLocation != .external, externalData.isEmpty, !hasSegment else {
            throw MLOpsError(
                .unsupported, "The elements of \(what) lie in another file or are split into segments.",
                help: "Save the model with its weights inside the file.")
        }
        let type = try ElementType(onnx: Int(dataType), in: what)
        let shape = dims.map(Int.init)
        do {
            try limits.elementCount(of: shape, in: what)
            return try body(type, shape)
        } catch let error as MLOpsError where error.code == .invalidArgument {
            throw MLOpsError(
                .corruptData, "The elements of \(what) do not fit its shape \(shape).",
                help: "The file is damaged; export the model again.", cause: error)
        }
    }
}

extension TensorValue {
    /// Reads the bytes of a serialized `TensorProto`, the form in which ONNX keeps tensors by themselves.
    ///
    /// - Throws: ``MLOpsError`` with `corruptData`, `limitExceeded` or `unsupported`.
    public init(onnx bytes: Data, limits: ONNXLimits = ONNXLimits()) throws {
        try limits.check(bytes.count, \.fileByteCount, of: "the size of the tensor file")
        let tensor: ONNXTensorProto
        do { tensor = try ONNXTensorProto(serializedBytes: bytes) } catch {
            throw MLOpsError(
                .corruptData, "The \(bytes.count) bytes are no ONNX tensor.",
                help: "Give a serialized TensorProto, such as input_0.pb of ONNX's test data.", cause: error)
        }
        try self.init(tensor, limits: limits)
    }

    /// The tensor as a serialized `TensorProto`, of a name if one is given.
    public func onnx(named name: String = "") throws -> Data {
        var tensor = try ONNXTensorProto(self)
        tensor.name = name
        return try tensor.serializedBytes()
    }

    /// Reads a tensor of a file, whichever field its elements are in.
    ///
    /// - Throws: `unsupported` for data outside the file, `limitExceeded`, and `corruptData` when the elements are not
    ///   as many as the shape asks for.
    package init(_ tensor: ONNXTensorProto, limits: ONNXLimits = ONNXLimits()) throws {
        self = try tensor.withTypeAndShape(limits) { type, shape in
            try TensorValue(type, shape: shape, bytes: Self.bytes(of: tensor, type))
        }
    }

    private static func bytes(of tensor: ONNXTensorProto, _ type: ElementType) throws -> [UInt8] {
        if type == .bytes {
            let strings = tensor.stringData.map { [UInt8]($0) }
            return try TensorValue(byteStrings: strings).bytes
        }
        if tensor.hasRawData { return [UInt8](tensor.rawData) }
        return switch type {
        case .float32: raw(tensor.floatData)
        case .float64: raw(tensor.doubleData)
        case .int64: raw(tensor.int64Data)
        case .uint64: raw(tensor.uint64Data)
        case .uint32: raw(tensor.uint64Data.map { UInt32(truncatingIfNeeded: $0) })
        case .int32: raw(tensor.int32Data)
        case .int16, .uint16, .float16, .bfloat16: raw(tensor.int32Data.map { UInt16(truncatingIfNeeded: $0) })
        case .bool: raw(tensor.int32Data.map { $0 == 0 ? 0 as UInt8 : 1 })
        case .int8, .uint8, .bytes: raw(tensor.int32Data.map { UInt8(truncatingIfNeeded: $0) })
        }
    }

    private static func raw<Element: BitwiseCopyable>(_ elements: [Element]) -> [UInt8] {
        elements.withUnsafeBytes { Array($0) }
    }
}
