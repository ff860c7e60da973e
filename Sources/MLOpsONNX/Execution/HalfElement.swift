/// How a float of 16 bits is laid out: a sign, then the exponent, then the fraction. Source: IEEE 754-2019, 3.4.
protocol HalfFormat: Sendable {
    /// The number of bits of the fraction.
    static var fractionBits: Int { get }
}

/// IEEE 754 binary16.
enum Float16Format: HalfFormat { static let fractionBits = 10 }
/// bfloat16: the upper half of an IEEE 754 binary32.
enum BFloat16Format: HalfFormat { static let fractionBits = 7 }

/// A float of 16 bits, to be cast from and to; `Float16` of the standard library is not on every platform.
struct HalfElement<Format: HalfFormat>: CastableElement {
    private let bits: UInt16

    private static var bias: Int { (1 << (14 - Format.fractionBits)) - 1 }
    private static var greatestExponent: Int { (1 << (15 - Format.fractionBits)) - 1 }
    private static var fractionMask: UInt16 { (1 << Format.fractionBits) - 1 }

    static var isWhole: Bool { false }
    var whole: Int64 { Int64(rounding: real) }
    init(wrapping whole: Int64) { self.init(rounding: Double(whole)) }

    var real: Double {
        let sign: FloatingPointSign = bits >> 15 == 0 ? .plus : .minus
        let exponent = Int((bits & 0x7FFF) >> Format.fractionBits)
        let fraction = Double(bits & Self.fractionMask)
        if exponent == Self.greatestExponent { return fraction == 0 ? (sign == .plus ? .infinity : -.infinity) : .nan }
        let significand = exponent == 0 ? fraction : fraction + Double(1 << Format.fractionBits)
        return Double(
            sign: sign, exponent: max(exponent, 1) - Self.bias - Format.fractionBits, significand: significand)
    }

    /// Rounds to the nearest, ties to even.
    init(rounding real: Double) {
        let sign: UInt16 = real.sign == .minus ? 0x8000 : 0
        let infinity = UInt16(Self.greatestExponent) << Format.fractionBits
        guard !real.isNaN else {
            bits = sign | infinity | 1 << (Format.fractionBits - 1)
            return
        }
        guard real.isFinite, real != 0 else {
            bits = real == 0 ? sign : sign | infinity
            return
        }
        // In units of the last place the number is whole; a carry into the next exponent comes out right by itself.
        let exponent = max(Int(real.exponent), 1 - Self.bias)
        let unit = Double(sign: .plus, exponent: exponent - Format.fractionBits, significand: 1)
        let steps = (real.magnitude / unit).rounded(.toNearestOrEven)
        guard exponent <= Self.bias, steps < Double(2 << Format.fractionBits) || exponent < Self.bias else {
            bits = sign | infinity
            return
        }
        bits = sign | (UInt16(exponent + Self.bias - 1) << Format.fractionBits &+ UInt16(steps))
    }
}
