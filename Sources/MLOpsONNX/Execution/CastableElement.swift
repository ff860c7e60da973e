internal import MLOpsCore

/// An element type that others can be cast to and from.
protocol CastableElement: BitwiseCopyable, Sendable {
    /// Whether the elements are whole numbers.
    static var isWhole: Bool { get }
    /// The element as a real number; exact but for whole numbers above 2⁵³.
    var real: Double { get }
    /// Many elements as real numbers: asked of the type once, not for each of them.
    static func reals(of elements: UnsafeBufferPointer<Self>) -> [Double]
    /// The element of a whole type, its upper bit as the sign.
    var whole: Int64 { get }
    /// The nearest element; whole types round toward zero and saturate.
    init(rounding real: Double)
    /// The element with the lowest bits of the number.
    init(wrapping whole: Int64)
}

extension CastableElement {
    static func reals(of elements: UnsafeBufferPointer<Self>) -> [Double] { elements.map { $0.real } }
}

extension CastableElement where Self: FixedWidthInteger {
    static var isWhole: Bool { true }
    var real: Double { Double(self) }
    var whole: Int64 { Int64(truncatingIfNeeded: self) }
    init(rounding real: Double) {
        if real.isNaN {
            self = 0
        } else if let exact = Self(exactly: real.rounded(.towardZero)) {
            self = exact
        } else {
            self = real < 0 ? .min : .max
        }
    }
    init(wrapping whole: Int64) { self.init(truncatingIfNeeded: whole) }
}

extension Int8: CastableElement {}
extension Int16: CastableElement {}
extension Int32: CastableElement {}
extension Int64: CastableElement {}
extension UInt8: CastableElement {}
extension UInt16: CastableElement {}
extension UInt32: CastableElement {}
extension UInt64: CastableElement {}

extension CastableElement where Self: BinaryFloatingPoint {
    static var isWhole: Bool { false }
    var real: Double { Double(self) }
    var whole: Int64 { Int64(rounding: Double(self)) }
    init(rounding real: Double) { self.init(real) }
    init(wrapping whole: Int64) { self.init(whole) }
}

extension Float: CastableElement {}
extension Double: CastableElement {}

/// A truth value in a byte: 0 or 1; any other byte counts as 1.
struct BooleanElement: CastableElement {
    private let byte: UInt8

    static var isWhole: Bool { false }
    var real: Double { byte == 0 ? 0 : 1 }
    var whole: Int64 { byte == 0 ? 0 : 1 }
    init(rounding real: Double) { byte = real == 0 ? 0 : 1 }
    init(wrapping whole: Int64) { byte = whole == 0 ? 0 : 1 }
}

extension ElementType {
    /// The Swift type that casts start and end at; throws `unsupported` for strings.
    func castable() throws -> any CastableElement.Type {
        switch self {
        case .bool: BooleanElement.self
        case .uint8: UInt8.self
        case .uint16: UInt16.self
        case .uint32: UInt32.self
        case .uint64: UInt64.self
        case .int8: Int8.self
        case .int16: Int16.self
        case .int32: Int32.self
        case .int64: Int64.self
        case .float16: HalfElement<Float16Format>.self
        case .bfloat16: HalfElement<BFloat16Format>.self
        case .float32: Float.self
        case .float64: Double.self
        case .bytes: throw MLOpsError.unsupported(self, instead: "numbers")
        }
    }
}
