internal import MLOpsCore

/// Says on which side each record of a dataset is.
///
/// Promises of a conformer:
/// - Equal entries and settings give equal parts, in any order of the entries.
/// - An entry that was given a part keeps it when entries are added; a rule that must remember parts for that is told
///   of them by a property.
public protocol SplitRule: Sendable {
    /// What must not be on two sides; the gate checks it.
    var gate: LeakageGate { get }
    /// The expected share of each part that is not to be empty.
    var shares: [SplitPart: Double] { get }
    /// The part of each entry, in their order; `nil` for one that is left out of all parts.
    func parts(of entries: [DatasetEntry]) throws -> [SplitPart?]
}

extension SplitRule {
    /// Splits a version, and checks that nothing leaks.
    ///
    /// - Throws: ``MLOpsError`` with `gateRefused` when ``gate`` finds a leak, `insufficientData` when train or test is
    ///   empty although its share is not 0.
    public func callAsFunction(_ version: DatasetVersion) throws -> DatasetSplit {
        let split = DatasetSplit(version: version, parts: try parts(of: version.entries), gate: gate)
        for part in [SplitPart.train, .test] where (shares[part] ?? 0) > 1e-9 && split.entries(of: part).isEmpty {
            throw MLOpsError(
                .insufficientData, "Of \(version.entries.count) records, none is in \(part.rawValue).",
                help: "Add records or groups, or take another seed.")
        }
        try gate.check(split)
        return split
    }
}

/// The shares of train, validation and test.
enum SplitShares {
    /// The shares by part; test has what is left.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for shares below 0, or above 1 in all.
    static func checked(train: Double, validation: Double) throws -> [SplitPart: Double] {
        guard train >= 0, validation >= 0, train + validation <= 1 else {
            throw MLOpsError(
                .invalidArgument, "A split can't have \(train) train and \(validation) validation.",
                help: "Give shares of 0…1 that sum to at most 1; the rest is test.")
        }
        return [.train: train, .validation: validation, .test: 1 - train - validation]
    }

    /// The part of a key: by the first 53 bits of SHA-256(seed as 8 bytes, little-endian ‖ key), as a fraction.
    static func part(of key: String, seed: UInt64, train: Double, validation: Double) -> SplitPart {
        let fraction = fraction(of: key, seed: seed)
        return fraction < train ? .train : fraction < train + validation ? .validation : .test
    }

    /// The keyed hash of a text, as a fraction in [0, 1).
    static func fraction(of key: String, seed: UInt64) -> Double {
        var digester = Digester()
        digester.update(withUnsafeBytes(of: seed.littleEndian) { Array($0) })
        digester.update(Array(key.utf8))
        let bits = digester.finalize().bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Double(bits >> 11) * 0x1p-53
    }
}
