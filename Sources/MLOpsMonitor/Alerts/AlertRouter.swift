public import Foundation
public import MLOpsCore

/// Sends alerts to sinks: each matter once in a while, and to all sinks even when one fails.
public actor AlertRouter: AlertSink {
    /// A sink with the least severity that it gets.
    public struct Route: Sendable {
        /// Where alerts go.
        public var sink: any AlertSink
        /// The least severity that goes there.
        public var atLeast: Alert.Severity

        /// Makes a route.
        public init(to sink: any AlertSink, atLeast: Alert.Severity = .info) {
            self.sink = sink
            self.atLeast = atLeast
        }
    }

    private struct Sent {
        var at: Date
        var severity: Alert.Severity
        var suppressed: Int
    }

    private let routes: [Route]
    private let coolDown: TimeInterval
    private let clock: WallClock
    private var sent: [String: Sent] = [:]

    /// Makes a router.
    ///
    /// - Parameter coolDown: the seconds for which an alert holds back those of the same key, unless they are more
    ///   severe.
    public init(_ routes: [Route], coolDown: TimeInterval = 3600, clock: WallClock = .system) {
        self.routes = routes
        self.coolDown = coolDown
        self.clock = clock
    }

    /// Sends an alert to every route that takes its severity, unless one of its key was sent not long ago.
    ///
    /// The first alert after a pause says how many were held back.
    /// - Throws: The first error of a sink, after all were tried; the alert then counts as not sent when none took it.
    public func send(_ alert: Alert) async throws {
        let now = clock.now()
        if var last = sent[alert.deduplicationKey], now.timeIntervalSince(last.at) < coolDown,
            rank(alert.severity) <= rank(last.severity)
        {
            last.suppressed += 1
            sent[alert.deduplicationKey] = last
            return
        }
        var outgoing = alert
        let before = sent[alert.deduplicationKey]
        if let before, before.suppressed > 0 { outgoing.body += " (\(before.suppressed) like it were held back.)" }
        // Noted before the sinks are awaited, so that an equal alert that comes meanwhile is held back.
        sent[alert.deduplicationKey] = Sent(at: now, severity: alert.severity, suppressed: 0)
        forgetOld(now)
        var failure: (any Error)?
        var delivered = 0
        let takers = routes.filter { rank($0.atLeast) <= rank(alert.severity) }
        for route in takers {
            do {
                try await route.sink.send(outgoing)
                delivered += 1
            } catch { failure = failure ?? error }
        }
        if let failure {
            if delivered == 0 { sent[alert.deduplicationKey] = before }
            throw failure
        }
    }

    /// Sends an alert for each finding that failed.
    public func send(
        _ findings: [Finding], source: String, severity: (Finding) -> Alert.Severity = { _ in .warning }
    ) async throws {
        var failure: (any Error)?
        for finding in findings where finding.verdict == .fail {
            do { try await send(Alert(finding, severity: severity(finding), source: source)) } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    /// Keeps memory bounded when keys are many: what has cooled down and held nothing back is forgotten.
    private func forgetOld(_ now: Date) {
        guard sent.count > 1000 else { return }
        sent = sent.filter { now.timeIntervalSince($0.value.at) < coolDown }
    }

    private func rank(_ severity: Alert.Severity) -> Int { Alert.Severity.allCases.firstIndex(of: severity) ?? 0 }
}
