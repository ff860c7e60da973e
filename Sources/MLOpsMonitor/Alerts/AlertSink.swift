public import Foundation

/// Where alerts go: a file, a webhook, a pager.
///
/// Promises of a conformer: when `send` returns, the alert has been handed over (a file: flushed; a server: it said
/// so). When it can't be, `send` throws and the alert may be sent again; the receiver tells repeats by their id.
public protocol AlertSink: Sendable {
    /// Hands an alert over.
    func send(_ alert: Alert) async throws
}

/// An ``AlertSink`` that keeps the latest alerts in memory.
public actor InMemoryAlertSink: AlertSink {
    /// The alerts, oldest first.
    public private(set) var alerts: [Alert] = []
    private let capacity: Int

    /// Makes a sink that keeps so many alerts.
    public init(capacity: Int = 1000) { self.capacity = max(1, capacity) }

    /// Keeps an alert.
    public func send(_ alert: Alert) {
        if alerts.count == capacity { alerts.removeFirst() }
        alerts.append(alert)
    }
}

/// An ``AlertSink`` that writes a line for each alert; to the standard error stream unless told.
public struct LogAlertSink: AlertSink {
    private let write: @Sendable (String) -> Void

    /// Makes a sink.
    public init(
        write: @escaping @Sendable (String) -> Void = { FileHandle.standardError.write(Data(($0 + "\n").utf8)) }
    ) {
        self.write = write
    }

    /// Writes one line, whatever the text of the alert holds.
    public func send(_ alert: Alert) async throws {
        let line = "\(alert.severity.rawValue.uppercased()) [\(alert.source)] \(alert.title): \(alert.body)"
        write(line.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline).joined(separator: " "))
    }
}

/// An ``AlertSink`` that appends each alert to a file as a line of JSON, flushed to the disk.
public actor FileAlertSink: AlertSink {
    private let file: JSONLinesFile<Alert>

    /// Opens a file, which is made when it is not there; a torn last line is cut off.
    ///
    /// - Throws: ``MLOpsError`` with `storage` or `corruptData`.
    public init(at url: URL) throws { file = try JSONLinesFile(at: url) }

    /// Appends an alert.
    public func send(_ alert: Alert) throws { try file.append([alert]) }

    /// The alerts in a file.
    public static func alerts(at url: URL) throws -> [Alert] { try JSONLinesFile<Alert>.read(url) }
}
