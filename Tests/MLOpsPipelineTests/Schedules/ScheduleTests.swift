import Foundation
import MLOpsCore
import MLOpsPipeline
import Testing

@Suite struct ScheduleTests {
    private let barcelona: Calendar

    init() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "Europe/Madrid"))
        barcelona = calendar
    }

    private func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    @Test func `an interval counts from its anchor`() throws {
        let schedule = try Schedule.every(.seconds(3600), from: date("2026-03-01T00:30:00Z"))
        #expect(try schedule.next(after: date("2026-03-01T05:00:00Z")) == date("2026-03-01T05:30:00Z"))
        #expect(try schedule.next(after: date("2026-03-01T05:30:00Z")) == date("2026-03-01T06:30:00Z"))
        #expect(throws: MLOpsError.self) { _ = try Schedule.every(.zero, from: .distantPast) }
    }

    @Test func `a time of day follows the clocks of the place`() throws {
        let schedule = try Schedule.daily(atHour: 3, minute: 15, in: barcelona)
        #expect(try schedule.next(after: date("2026-03-27T12:00:00Z")) == date("2026-03-28T02:15:00Z"))
        #expect(try schedule.next(after: date("2026-03-28T12:00:00Z")) == date("2026-03-29T01:15:00Z"))
        let sundays = try Schedule.daily(atHour: 3, minute: 15, weekday: 1, in: barcelona)
        #expect(try sundays.next(after: date("2026-03-24T12:00:00Z")) == date("2026-03-29T01:15:00Z"))
    }

    @Test func `a time that the clocks skip is due after the gap, one that they repeat is due once`() throws {
        let schedule = try Schedule.daily(atHour: 2, minute: 30, in: barcelona)
        #expect(try schedule.next(after: date("2026-03-28T12:00:00Z")) == date("2026-03-29T01:00:00Z"))
        #expect(try schedule.next(after: date("2026-03-29T01:00:00Z")) == date("2026-03-30T00:30:00Z"))
        #expect(try schedule.next(after: date("2026-10-24T12:00:00Z")) == date("2026-10-25T00:30:00Z"))
        #expect(try schedule.next(after: date("2026-10-25T00:30:00Z")) == date("2026-10-26T01:30:00Z"))
    }

    @Test func `what was missed counts as one`() throws {
        let daily = try Schedule.daily(atHour: 4, in: barcelona)
        let last = try date("2026-05-01T02:00:00Z")
        #expect(try daily.due(since: last, at: date("2026-05-02T01:59:59Z")) == nil)
        #expect(try daily.due(since: last, at: date("2026-05-02T02:00:00Z")) == date("2026-05-02T02:00:00Z"))
        #expect(try daily.due(since: last, at: date("2026-09-09T09:00:00Z")) == date("2026-09-09T02:00:00Z"))
        let hourly = try Schedule.every(.seconds(3600), from: last)
        #expect(try hourly.due(since: last, at: date("2026-05-01T02:59:00Z")) == nil)
        #expect(try hourly.due(since: last, at: date("2026-05-01T08:10:00Z")) == date("2026-05-01T08:00:00Z"))
    }

    @Test(arguments: [(24, 0, nil), (-1, 0, nil), (1, 60, nil), (1, 0, 8), (1, 0, 0)] as [(Int, Int, Int?)])
    func `a time that there is not is refused`(hour: Int, minute: Int, weekday: Int?) {
        #expect(throws: MLOpsError.self) {
            _ = try Schedule.daily(atHour: hour, minute: minute, weekday: weekday, in: barcelona)
        }
    }
}
