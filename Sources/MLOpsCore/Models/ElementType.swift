/// The type of a tensor's elements, spelled as the Open Inference Protocol v2 spells its datatypes.
public enum ElementType: String, Sendable, Hashable, Codable, CaseIterable {
    /// One byte: 0 or 1.
    case bool = "BOOL"
    /// Unsigned, 8 bits.
    case uint8 = "UINT8"
    /// Unsigned, 16 bits.
    case uint16 = "UINT16"
    /// Unsigned, 32 bits.
    case uint32 = "UINT32"
    /// Unsigned, 64 bits.
    case uint64 = "UINT64"
    /// Signed, 8 bits.
    case int8 = "INT8"
    /// Signed, 16 bits.
    case int16 = "INT16"
    /// Signed, 32 bits.
    case int32 = "INT32"
    /// Signed, 64 bits.
    case int64 = "INT64"
    /// IEEE 754 binary16.
    case float16 = "FP16"
    /// bfloat16: the upper half of a binary32.
    case bfloat16 = "BF16"
    /// IEEE 754 binary32.
    case float32 = "FP32"
    /// IEEE 754 binary64.
    case float64 = "FP64"
    /// Byte strings, each preceded by its length as 4 bytes, little-endian.
    case bytes = "BYTES"

    /// The bytes of one element; `nil` for ``bytes``, whose elements differ in length.
    public var byteCount: Int? {
        switch self {
        case .bool, .uint8, .int8: 1
        case .uint16, .int16, .float16, .bfloat16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        case .bytes: nil
        }
    }
}
