public import Foundation
internal import MLOpsCore

/// When something is due: at an interval, or at a time of day in a place.
public struct Schedule: Sendable, Hashable {
    private enum Rule: Sendable, Hashable {
        case interval(seconds: Double, anchor: Date)
        case daily(hour: Int, minute: Int, weekday: Int?, calendar: Calendar)
    }

    private let rule: Rule

    /// Due every so often, counted from an anchor.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for an interval below a second.
    public static func every(_ interval: Duration, from anchor: Date) throws -> Schedule {
        let seconds = interval / .seconds(1)
        guard seconds >= 1 else {
            throw MLOpsError(.invalidArgument, "A schedule every \(interval) is too dense.", help: "Use 1 s or more.")
        }
        return Schedule(rule: .interval(seconds: seconds, anchor: anchor))
    }

    /// Due once a day, or once a week, at a time of day on the calendar, in its time zone.
    ///
    /// Where the clocks skip that time it is due at the first moment after the gap; where they repeat it, the first
    /// time only.
    /// - Parameter weekday: 1 for Sunday to 7 for Saturday; `nil` for every day.
    /// - Throws: ``MLOpsError`` with `invalidArgument` for a time or a weekday that there is not.
    public static func daily(
        atHour hour: Int, minute: Int = 0, weekday: Int? = nil, in calendar: Calendar
    ) throws -> Schedule {
        guard (0..<24).contains(hour), (0..<60).contains(minute), (1...7).contains(weekday ?? 1) else {
            throw MLOpsError(
                .invalidArgument, "There is no time \(hour):\(minute) on weekday \(weekday.map(String.init) ?? "any").",
                help: "Use hours 0 to 23, minutes 0 to 59, weekdays 1 to 7.")
        }
        return Schedule(rule: .daily(hour: hour, minute: minute, weekday: weekday, calendar: calendar))
    }

    /// The first time after a date at which it is due.
    public func next(after date: Date) -> Date {
        switch rule {
        case .interval(let seconds, let anchor):
            let count = (date.timeIntervalSince(anchor) / seconds).rounded(.down)
            var next = anchor + (count + 1) * seconds
            if next <= date { next += seconds }
            return next
        case .daily(let hour, let minute, let weekday, let calendar):
            let components = DateComponents(hour: hour, minute: minute, second: 0, weekday: weekday)
            return calendar.nextDate(
                after: date, matching: components, matchingPolicy: .nextTime, repeatedTimePolicy: .first)
                ?? .distantFuture
        }
    }

    /// The last time up to now at which it was due since it was last done; `nil` when it is not due.
    ///
    /// Times that were missed, because nothing ran, count as one.
    public func due(since last: Date, at now: Date) -> Date? {
        var due: Date?
        if case .interval(let seconds, let anchor) = rule {
            let latest = anchor + (now.timeIntervalSince(anchor) / seconds).rounded(.down) * seconds
            return latest > last && latest <= now ? latest : nil
        }
        // Nothing is due twice within a day, so one look from eight days back finds the last time.
        var candidate = next(after: max(last, now - 8 * 86_400))
        while candidate <= now {
            due = candidate
            candidate = next(after: candidate)
        }
        return due
    }
}
