/// Floats of 16 bits as bit patterns: IEEE 754 binary16 and bfloat16, rounded to nearest, ties to even.
enum SmallFloat {
    /// The binary16 nearest to a float.
    static func half(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        let sign = UInt16(truncatingIfNeeded: bits >> 16) & 0x8000
        let magnitude = bits & 0x7FFF_FFFF
        if magnitude > 0x7F80_0000 { return sign | 0x7E00 }
        if magnitude >= 0x4780_0000 { return sign | 0x7C00 }
        if magnitude < 0x3880_0000 {
            // Below the least normal: the significand counts units of 2⁻²⁴.
            let scaled = (value.magnitude * 0x1p24).rounded(.toNearestOrEven)
            return sign | UInt16(scaled)
        }
        let rounded = magnitude + 0xFFF + (magnitude >> 13 & 1)
        return sign | UInt16(truncatingIfNeeded: (rounded - 0x3800_0000) >> 13)
    }

    /// The float that a binary16 stands for.
    static func float(half bits: UInt16) -> Float {
        let sign: Float = bits & 0x8000 == 0 ? 1 : -1
        let exponent = Int(bits >> 10 & 0x1F)
        let fraction = Float(bits & 0x3FF)
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default: return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction * 0x1p-10)
        }
    }

    /// The bfloat16 nearest to a float.
    static func brain(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        if value.isNaN { return UInt16(bits >> 16) | 0x40 }
        return UInt16((bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
    }

    /// The float that a bfloat16 stands for.
    static func float(brain bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

    /// The floats that little-endian pairs of bytes stand for.
    static func floats(_ bytes: [UInt8], _ convert: (UInt16) -> Float) -> [Float] {
        stride(from: 0, to: bytes.count - 1, by: 2).map { convert(UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8) }
    }
}
