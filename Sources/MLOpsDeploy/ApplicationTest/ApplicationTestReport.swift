public import Foundation
public import MLOpsCore

/// What an ``ApplicationTest`` saw, and what it concludes.
public struct ApplicationTestReport: Sendable, Hashable, Codable {
    /// The outcome of a group of requests.
    public struct Result: Sendable, Hashable, Codable {
        /// Requests sent.
        public var requests: Int
        /// Requests that failed.
        public var errors: Int
        /// Right answers among the answers given, with a Wilson interval.
        public var accuracy: Estimate
        /// Requests answered with a class among the requests that did not fail, with a Wilson interval.
        public var coverage: Estimate

        init(_ group: ApplicationTest.Tally.Group) {
            requests = group.requests
            errors = group.errors
            accuracy = .proportion(group.correct, of: group.decided)
            coverage = .proportion(group.decided, of: group.requests - group.errors)
        }
    }

    /// One limit, and whether it holds.
    public struct Check: Sendable, Hashable, Codable {
        /// What is checked, such as `accuracy` or `accuracy[camera=north-gate]`.
        public var name: String
        /// What it concludes.
        public var verdict: Verdict
        /// The value found and the limit, for people.
        public var detail: String

        init(_ name: String, _ verdict: Verdict, _ detail: String) {
            self.name = name
            self.verdict = verdict
            self.detail = detail
        }

        init(_ name: String, of errors: Int, in requests: Int, atMost limit: Double) {
            let verdict: Verdict =
                requests == 0 ? .insufficient : Double(errors) <= limit * Double(requests) ? .pass : .fail
            self.init(name, verdict, "\(errors) of \(requests) requests failed, at most a share of \(limit)")
        }

        init(_ name: String, _ latency: Double?, atMost limit: Double) {
            guard let latency else {
                self.init(name, .insufficient, "no request was answered")
                return
            }
            self.init(name, latency <= limit ? .pass : .fail, "\(latency) s, at most \(limit) s")
        }
    }

    /// The version of this layout; 1.
    public var schemaVersion = 1
    /// The digest of the package under test.
    public var package: Digest
    /// What had to be reached.
    public var limits: ApplicationTest.Limits
    /// All requests together.
    public var overall: Result
    /// The requests of each slice, by `tag=value`.
    public var slices: [String: Result]
    /// How often each pair `truth → answer` was seen.
    public var confusion: [String: Int]
    /// How long answers took; `nil` when there were none.
    public var latency: LatencySummary?
    /// The messages of the first ten errors.
    public var errorSamples: [String]
    /// The ids of requests that were not answered alike twice, or not alike in a batch.
    public var inconsistent: [String]
    /// Each limit, and whether it holds.
    public var checks: [Check]

    /// Pass when every check passes; no labelled request at all is insufficient.
    public var verdict: Verdict { .all(checks.map(\.verdict)) }

    /// The statement for a gate: bound to the package's digest and to this report's.
    public func evidence(issuer: String, at date: Date) throws -> Evidence {
        let broken = checks.filter { $0.verdict != .pass }.map(\.name)
        return Evidence(
            .applicationTest, subject: package, verdict: verdict, issuer: issuer, issuedAt: date,
            summary: "accuracy \(overall.accuracy), \(overall.errors) errors"
                + (broken.isEmpty ? "" : "; not passed: \(broken.joined(separator: ", "))"),
            report: try Digest(ofJSON: self))
    }
}
