internal import MLOpsCore

/// An element type that arithmetic is done in. Whole numbers wrap around, as in NumPy; nothing traps.
protocol NumericElement: BitwiseCopyable, Comparable, Numeric, Sendable {
    static var elementType: ElementType { get }
    static func sum(_ a: Self, _ b: Self) -> Self
    static func difference(_ a: Self, _ b: Self) -> Self
    static func product(_ a: Self, _ b: Self) -> Self
    /// Whole numbers are rounded toward zero; dividing one by 0, which the standard leaves open, gives 0.
    static func quotient(_ a: Self, _ b: Self) -> Self
    /// What no element is below.
    static var lowest: Self { get }
}

extension NumericElement where Self: BinaryFloatingPoint {
    @inline(__always) static func sum(_ a: Self, _ b: Self) -> Self { a + b }
    @inline(__always) static func difference(_ a: Self, _ b: Self) -> Self { a - b }
    @inline(__always) static func product(_ a: Self, _ b: Self) -> Self { a * b }
    @inline(__always) static func quotient(_ a: Self, _ b: Self) -> Self { a / b }
    static var lowest: Self { -.infinity }
}

extension NumericElement where Self: FixedWidthInteger {
    @inline(__always) static func sum(_ a: Self, _ b: Self) -> Self { a &+ b }
    @inline(__always) static func difference(_ a: Self, _ b: Self) -> Self { a &- b }
    @inline(__always) static func product(_ a: Self, _ b: Self) -> Self { a &* b }
    @inline(__always) static func quotient(_ a: Self, _ b: Self) -> Self {
        b == 0 ? 0 : a.dividedReportingOverflow(by: b).partialValue
    }
    static var lowest: Self { .min }
}

extension Float: NumericElement { static var elementType: ElementType { .float32 } }
extension Double: NumericElement { static var elementType: ElementType { .float64 } }
extension Int8: NumericElement { static var elementType: ElementType { .int8 } }
extension Int16: NumericElement { static var elementType: ElementType { .int16 } }
extension Int32: NumericElement { static var elementType: ElementType { .int32 } }
extension Int64: NumericElement { static var elementType: ElementType { .int64 } }
extension UInt8: NumericElement { static var elementType: ElementType { .uint8 } }
extension UInt16: NumericElement { static var elementType: ElementType { .uint16 } }
extension UInt32: NumericElement { static var elementType: ElementType { .uint32 } }
extension UInt64: NumericElement { static var elementType: ElementType { .uint64 } }

extension ElementType {
    /// The Swift type to compute in; throws `unsupported` for 16-bit floats, booleans and strings.
    func numeric() throws -> any NumericElement.Type {
        switch self {
        case .float32: Float.self
        case .float64: Double.self
        case .int8: Int8.self
        case .int16: Int16.self
        case .int32: Int32.self
        case .int64: Int64.self
        case .uint8: UInt8.self
        case .uint16: UInt16.self
        case .uint32: UInt32.self
        case .uint64: UInt64.self
        case .bool, .float16, .bfloat16, .bytes: throw MLOpsError.unsupported(self, instead: "FP32")
        }
    }

    /// A Swift type of the elements' width, to move them without looking at them; throws `unsupported` for strings.
    func carrier() throws -> any NumericElement.Type {
        switch byteCount {
        case 1: UInt8.self
        case 2: UInt16.self
        case 4: UInt32.self
        case 8: UInt64.self
        default: throw MLOpsError.unsupported(self, instead: "numbers")
        }
    }
}
