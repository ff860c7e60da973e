public import Foundation
internal import MLOpsCore

/// Splits by time: what comes before a moment is learned from, what comes after it judged by, with a gap between.
///
/// The moments are fixed, so that no record changes its side when others are added. Records within the gap after a
/// moment are in no part: what is known at the end of training reaches into them.
public struct TimeSplit: SplitRule, Hashable, Codable {
    /// The attribute that holds a record's time, in ISO 8601 or seconds since 1970.
    public var attribute: String
    /// Where train ends.
    public var trainEnd: Date
    /// Where validation ends, not before train does; with the same moment there is no validation.
    public var validationEnd: Date
    /// How long after each end records are left out, in seconds.
    public var gap: Double

    /// Makes a split by moments.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for a gap below 0, or a validation that ends before train.
    public init(
        trainEnd: Date, validationEnd: Date? = nil, gap: Double = 0, attribute: String = "capturedAt"
    ) throws {
        let end = validationEnd ?? trainEnd
        guard gap >= 0, gap.isFinite, end >= trainEnd else {
            throw MLOpsError(
                .invalidArgument,
                "A split can't end train at \(trainEnd), validation at \(end), with a gap of \(gap) s.",
                help: "Give a gap of at least 0 s, and an end of validation that is not before that of train.")
        }
        self.attribute = attribute
        self.trainEnd = trainEnd
        self.validationEnd = end
        self.gap = gap
    }

    /// Makes a split whose moments leave about the given shares of a version's records before them.
    ///
    /// Keep the value that this makes: made anew of a larger version, it has other moments.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for shares that are none, or a record without a time;
    ///   `insufficientData` for a version without records.
    public init(
        of version: DatasetVersion, train: Double = 0.8, validation: Double = 0, gap: Double = 0,
        attribute: String = "capturedAt"
    ) throws {
        _ = try SplitShares.checked(train: train, validation: validation)
        let times = try version.entries.map { try $0.time(attribute) }.sorted()
        guard let last = times.last else {
            throw MLOpsError(
                .insufficientData, "There are no records to split by time.", help: "Give a version with some.")
        }
        func moment(_ share: Double) -> Date {
            let place = Int((share * Double(times.count)).rounded())
            return Date(timeIntervalSince1970: place < times.count ? times[place] : last.nextUp)
        }
        try self.init(
            trainEnd: moment(train), validationEnd: validation > 0 ? moment(train + validation) : nil, gap: gap,
            attribute: attribute)
    }

    /// Refuses equal bytes on two sides.
    public var gate: LeakageGate { LeakageGate() }

    /// Train and test are not to be empty; the shares are not known.
    public var shares: [SplitPart: Double] { [.train: 0.5, .test: 0.5] }

    /// The part of each entry; throws `invalidArgument` for one without a time.
    public func parts(of entries: [DatasetEntry]) throws -> [SplitPart?] {
        try entries.map { entry in
            let time = try entry.time(attribute)
            if time < trainEnd.timeIntervalSince1970 { return .train }
            if time < validationEnd.timeIntervalSince1970 {
                return time < trainEnd.timeIntervalSince1970 + gap ? nil : .validation
            }
            return time < validationEnd.timeIntervalSince1970 + gap ? nil : .test
        }
    }
}
