import Foundation
import MLOpsCore

/// One element of a tensor, as it is: whole numbers of 64 bits are not rounded, text stays text.
enum TensorElement: Encodable, Hashable, CustomStringConvertible {
    case number(Double)
    case integer(Int64)
    case unsigned(UInt64)
    case text(String)

    /// Whether it is a number that is neither infinite nor missing.
    var isFinite: Bool {
        if case .number(let number) = self { return number.isFinite }
        return true
    }

    /// As a number; `nil` for text.
    var number: Double? {
        switch self {
        case .number(let number): number
        case .integer(let number): Double(number)
        case .unsigned(let number): Double(number)
        case .text: nil
        }
    }

    var description: String {
        switch self {
        case .number(let number): number.isNaN ? "nan" : String(format: "%.6g", number)
        case .integer(let number): "\(number)"
        case .unsigned(let number): "\(number)"
        case .text(let text): "\"\(text)\""
        }
    }

    /// JSON has no numbers that are not finite; they are the texts `inf`, `-inf` and `nan`.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number) where number.isFinite: try container.encode(number)
        case .number: try container.encode(description)
        case .integer(let number): try container.encode(number)
        case .unsigned(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        }
    }
}

extension TensorValue {
    /// Calls `body` with a way to read each element, which takes no memory for all of them.
    func withElements<Result>(_ body: (_ element: (Int) -> TensorElement) throws -> Result) throws -> Result {
        if elementType == .bytes {
            let strings = try byteStrings()
            return try body { .text(String(decoding: strings[$0], as: UTF8.self)) }
        }
        return try bytes.withUnsafeBytes { raw in
            func load<T: BitwiseCopyable>(_ index: Int) -> T {
                raw.loadUnaligned(fromByteOffset: index * MemoryLayout<T>.stride, as: T.self)
            }
            return try body { index in
                switch elementType {
                case .bool, .uint8: .integer(Int64(load(index) as UInt8))
                case .uint16: .integer(Int64(load(index) as UInt16))
                case .uint32: .integer(Int64(load(index) as UInt32))
                case .uint64: .unsigned(load(index))
                case .int8: .integer(Int64(load(index) as Int8))
                case .int16: .integer(Int64(load(index) as Int16))
                case .int32: .integer(Int64(load(index) as Int32))
                case .int64: .integer(load(index))
                case .bfloat16: .number(Double(Float(bitPattern: UInt32(load(index) as UInt16) << 16)))
                case .float16: .number(HalfPrecision.number(load(index)))
                case .float32: .number(Double(load(index) as Float))
                case .float64: .number(load(index))
                case .bytes: .text("")
                }
            }
        }
    }
}

/// Numbers of 16 bits. Source: IEEE 754, binary16.
enum HalfPrecision {
    static func number(_ bits: UInt16) -> Double {
        let (sign, exponent, fraction) = (bits >> 15, Int(bits >> 10 & 31), Double(bits & 1023))
        let size: Double =
            switch exponent {
            case 0: fraction * 0x1p-24
            case 31: fraction == 0 ? .infinity : .nan
            default: (1 + fraction / 1024) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
            }
        return sign == 0 ? size : -size
    }

    /// The nearest to a number below 65504; small ones become steps of 2⁻²⁴.
    static func bits(_ number: Double) -> UInt16 {
        let exponent = max(-14, number == 0 ? -14 : Int(number.exponent))
        let steps = (abs(number) * Double(sign: .plus, exponent: 10 - exponent, significand: 1)).rounded(
            .toNearestOrEven)
        // Rounding up to the next power of two carries into the exponent, as it should.
        let size = UInt16(exponent + 14) << 10 + UInt16(steps)
        return (number < 0 ? 0x8000 : 0) | size
    }
}
