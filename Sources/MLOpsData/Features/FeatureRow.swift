public import Foundation

/// What is known of an entity from a time on.
public struct FeatureRow: Sendable, Hashable {
    /// Which entity, such as `park-3`.
    public var entity: String
    /// When it became so in the world.
    public var eventTime: Date
    /// When it became known here; `nil` for when the row is appended.
    ///
    /// Give a date only to fill a store with a past whose dates are on record: a training set built as of a time before
    /// it does not see the row.
    public var createdTime: Date?
    /// The values by column; a column that is left out has none.
    public var values: [String: FeatureValue]

    /// Makes a row.
    public init(
        _ entity: String, at eventTime: Date, created createdTime: Date? = nil, _ values: [String: FeatureValue]
    ) {
        self.entity = entity
        self.eventTime = eventTime
        self.createdTime = createdTime
        self.values = values
    }
}

extension Date {
    /// Whole microseconds since 1970, the nearest; dates beyond ±290,000 years are the last that fit.
    var epochMicroseconds: Int64 {
        let value = (timeIntervalSince1970 * 1e6).rounded()
        return Int64(exactly: value) ?? (value < 0 ? .min : .max)
    }

    init(epochMicroseconds value: Int64) { self.init(timeIntervalSince1970: Double(value) / 1e6) }
}

extension Duration {
    /// Whole microseconds, cut off; longer than fits is the most that fits.
    var microseconds: Int64 {
        let (seconds, overflow) = components.seconds.multipliedReportingOverflow(by: 1_000_000)
        if overflow { return .max }
        return seconds.addingReportingOverflow(components.attoseconds / 1_000_000_000_000).overflow
            ? .max : seconds + components.attoseconds / 1_000_000_000_000
    }
}
