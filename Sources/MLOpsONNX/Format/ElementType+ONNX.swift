internal import MLOpsCore

extension ElementType {
    /// The number of the type in the ONNX standard, `TensorProto.DataType`.
    var onnx: ONNXTensorProto.DataType {
        switch self {
        case .bool: .bool
        case .uint8: .uint8
        case .uint16: .uint16
        case .uint32: .uint32
        case .uint64: .uint64
        case .int8: .int8
        case .int16: .int16
        case .int32: .int32
        case .int64: .int64
        case .float16: .float16
        case .bfloat16: .bfloat16
        case .float32: .float
        case .float64: .double
        case .bytes: .string
        }
    }

    /// The type with a number of the ONNX standard.
    ///
    /// - Throws: `unsupported` for complex numbers, 8-bit and narrower floats, and 4-bit integers; `corruptData` for 0.
    init(onnx number: Int, in what: @autoclosure () -> String) throws {
        guard let type = Self.allCases.first(where: { $0.onnx.rawValue == number }) else {
            let isDefined = (1...28).contains(number)
            throw MLOpsError(
                isDefined ? .unsupported : .corruptData,
                "The type of \(what()) has the number \(number), which \(isDefined ? "can't be read" : "is none").",
                help: "Use tensors of whole numbers of 8 to 64 bits, floats of 16 to 64 bits, booleans or strings.")
        }
        self = type
    }
}
