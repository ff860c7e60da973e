import Foundation
import MLOpsCore

/// A tensor in one line: its type, its shape, its range, its first elements.
struct TensorSummary: Codable, CustomStringConvertible {
    var name: String
    var type: ElementType
    var shape: [Int]
    /// The elements, the first eight of them.
    var first: [Double]
    var minimum: Double?
    var maximum: Double?
    /// How many elements are not finite.
    var notFinite: Int

    init(_ name: String, _ value: TensorValue) {
        let numbers = value.numbers()
        let finite = numbers.filter(\.isFinite)
        (self.name, type, shape) = (name, value.elementType, value.shape)
        first = Array(finite.prefix(8))
        (minimum, maximum) = (finite.min(), finite.max())
        notFinite = numbers.count - finite.count
    }

    var description: String {
        let elements = first.map { String(format: "%.6g", $0) }.joined(separator: ", ")
        let range = minimum.flatMap { low in maximum.map { String(format: ", from %.6g to %.6g", low, $0) } } ?? ""
        let odd = notFinite > 0 ? ", \(notFinite) not finite" : ""
        return "\(name)  \(type.rawValue) \(shape)  [\(elements)\(shape.reduce(1, *) > 8 ? ", …" : "")]\(range)\(odd)"
    }
}

extension TensorValue {
    /// The elements as numbers; none for byte strings.
    func numbers() -> [Double] {
        func read<T: BitwiseCopyable>(_ type: T.Type, _ number: (T) -> Double) -> [Double] {
            bytes.withUnsafeBytes { raw in
                stride(from: 0, to: raw.count, by: MemoryLayout<T>.stride).map {
                    number(raw.loadUnaligned(fromByteOffset: $0, as: type))
                }
            }
        }
        switch elementType {
        case .bool, .uint8: return read(UInt8.self) { Double($0) }
        case .uint16: return read(UInt16.self) { Double($0) }
        case .uint32: return read(UInt32.self) { Double($0) }
        case .uint64: return read(UInt64.self) { Double($0) }
        case .int8: return read(Int8.self) { Double($0) }
        case .int16: return read(Int16.self) { Double($0) }
        case .int32: return read(Int32.self) { Double($0) }
        case .int64: return read(Int64.self) { Double($0) }
        case .bfloat16: return read(UInt16.self) { Double(Float(bitPattern: UInt32($0) << 16)) }
        case .float16: return read(UInt16.self) { Self.half($0) }
        case .float32: return read(Float.self) { Double($0) }
        case .float64: return read(Double.self) { $0 }
        case .bytes: return []
        }
    }

    /// IEEE 754 binary16.
    private static func half(_ bits: UInt16) -> Double {
        let (sign, exponent, fraction) = (bits >> 15, Int(bits >> 10 & 31), Double(bits & 1023))
        let size: Double =
            switch exponent {
            case 0: fraction * 0x1p-24
            case 31: fraction == 0 ? .infinity : .nan
            default: (1 + fraction / 1024) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
            }
        return sign == 0 ? size : -size
    }
}
