internal import MLOpsCore

/// A whole number to compute with, which can also become a real one.
typealias WholeElement = CastableElement & FixedWidthInteger & NumericElement

extension ElementType {
    /// The Swift type of whole numbers; `nil` for reals, booleans and strings.
    var whole: (any WholeElement.Type)? {
        switch self {
        case .int8: Int8.self
        case .int16: Int16.self
        case .int32: Int32.self
        case .int64: Int64.self
        case .uint8: UInt8.self
        case .uint16: UInt16.self
        case .uint32: UInt32.self
        case .uint64: UInt64.self
        case .bool, .float16, .bfloat16, .float32, .float64, .bytes: nil
        }
    }

    /// Whether the elements are floats, of any width.
    var isReal: Bool {
        switch self {
        case .float16, .bfloat16, .float32, .float64: true
        default: false
        }
    }

    /// The Swift type of floats, to be computed with in 64 bits; throws `unsupported` for all else.
    func real() throws -> any CastableElement.Type {
        guard isReal else { throw MLOpsError.unsupported(self, instead: "FP32") }
        return try castable()
    }
}
