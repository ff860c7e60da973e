internal import Foundation
internal import MLOpsCore

/// The number of different values in one pass and 2ᵖ bytes; parts can be merged without any loss.
///
/// The standard error is 1.04 / √2ᵖ: 1.6 % for a p of 12, whose 4,096 bytes serve for any count.
///
/// Source: P. Flajolet et al., "HyperLogLog", AofA 2007, with the estimator of O. Ertl, "New cardinality estimation
/// algorithms for HyperLogLog sketches", 2017, which needs no correction for small or large counts.
public struct HyperLogLog: Sendable, Hashable, Codable {
    /// The binary logarithm of the number of registers.
    public let precision: Int
    private var registers: Data

    /// Starts with no values; throws `invalidArgument` for a precision that is not 4…16.
    public init(precision: Int = 12) throws {
        guard (4...16).contains(precision) else {
            throw MLOpsError(
                .invalidArgument, "A sketch can't have a precision of \(precision).", help: "Give 4…16; 12 is usual.")
        }
        self.init(checkedPrecision: precision)
    }

    init(checkedPrecision precision: Int) {
        self.precision = precision
        registers = Data(repeating: 0, count: 1 << precision)
    }

    /// Reads a sketch; one that no values can have made is a decoding error.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        precision = try container.decode(Int.self, forKey: .precision)
        registers = try container.decode(Data.self, forKey: .registers)
        guard (4...16).contains(precision), registers.count == 1 << precision,
            registers.allSatisfy({ $0 <= 65 - precision })
        else { throw decoder.damaged("distinct sketch") }
    }

    /// The standard error of ``estimate``, as a share of it.
    public var standardError: Double { 1.04 / Double(1 << precision).squareRoot() }

    /// Takes in a value.
    public mutating func add(_ value: DataValue) { add(hash: value.stableHash) }

    mutating func add(hash: UInt64) {
        let index = Int(hash >> UInt64(64 - precision))
        let rank = UInt8(min(64 - precision, (hash << UInt64(precision)).leadingZeroBitCount) + 1)
        if rank > registers[index] { registers[index] = rank }
    }

    /// Takes in what another has taken in.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for another precision.
    public mutating func merge(_ other: HyperLogLog) throws {
        guard other.precision == precision, other.registers.count == registers.count else {
            throw MLOpsError(
                .invalidArgument, "Sketches of precision \(precision) and \(other.precision) can't be merged.",
                help: "Give both the same precision.")
        }
        for index in registers.indices { registers[index] = max(registers[index], other.registers[index]) }
    }

    /// About how many different values there are.
    public var estimate: Double {
        let (m, q) = (Double(registers.count), 64 - precision)
        var counts = [Double](repeating: 0, count: q + 2)
        for register in registers { counts[min(q + 1, Int(register))] += 1 }
        var z = m * Self.tau(1 - counts[q + 1] / m)
        for k in stride(from: q, through: 1, by: -1) { z = (z + counts[k]) / 2 }
        z += m * Self.sigma(counts[0] / m)
        return z.isFinite ? m * m / (2 * log(2) * z) : 0
    }

    private static func sigma(_ share: Double) -> Double {
        if share >= 1 { return .infinity }
        var (x, y, z, last) = (share, 1.0, share, -1.0)
        while z != last {
            x *= x
            last = z
            z += x * y
            y += y
        }
        return z
    }

    private static func tau(_ share: Double) -> Double {
        if share <= 0 || share >= 1 { return 0 }
        var (x, y, z, last) = (share, 1.0, 1 - share, -1.0)
        while z != last {
            x = x.squareRoot()
            last = z
            y /= 2
            z -= (1 - x) * (1 - x) * y
        }
        return z / 3
    }
}
