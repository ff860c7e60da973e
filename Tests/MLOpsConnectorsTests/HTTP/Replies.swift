import Foundation
import MLOpsConnectors
import MLOpsData
import Synchronization

/// Pauses that a test has time for.
let quickBackoff = Backoff(first: .milliseconds(2), longest: .milliseconds(5), tries: 3)

/// An answer as bytes; a shorter body than `length` says is a connection that is lost.
func reply(
    _ status: String, _ headers: [String: String] = [:], _ body: some Sequence<UInt8>, length: Int? = nil
) -> [UInt8] {
    let body = Array(body)
    var head = "HTTP/1.1 \(status)\r\nConnection: close\r\nContent-Length: \(length ?? body.count)\r\n"
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    return Array((head + "\r\n").utf8) + body
}

extension LoopbackServer.Request {
    /// The path and query that are asked for.
    var target: String { String(head.split(separator: " ")[1]) }
}

/// What a test's server has been asked, by any of its threads.
final class Log: Sendable {
    private let entries = Mutex<[String]>([])
    var all: [String] { entries.withLock { $0 } }
    func add(_ entry: String) { entries.withLock { $0.append(entry) } }
    func count(_ entry: String) -> Int { all.filter { $0 == entry }.count }
}

/// The records of a source up to the error that it throws, if any.
func readAll(
    _ source: any DataSource<RawRecord>, from offset: Int = 0
) async -> (records: [RawRecord], error: (any Error)?) {
    var records: [RawRecord] = []
    do {
        for try await sourced in source.records(from: SourcePosition(offset: offset)) { records.append(sourced.record) }
        return (records, nil)
    } catch { return (records, error) }
}

/// A truth value that threads share.
final class SharedFlag: Sendable {
    private let state = Mutex(false)
    var value: Bool {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
