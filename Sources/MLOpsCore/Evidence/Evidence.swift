public import Foundation

/// A statement about one package that a gate can ask for: a test report, an application test, an approval.
///
/// It is bound to the package's digest, so it can't be used for another.
public struct Evidence: Sendable, Hashable, Codable {
    /// What kind of statement; open.
    public struct Kind: Hashable, Sendable, Codable, CustomStringConvertible {
        /// The name of the kind, in camel case.
        public let description: String

        /// Names a kind.
        public init(_ name: String) { description = name }

        /// Metrics on the test split.
        public static let modelTest = Kind("modelTest")
        /// A test against the running endpoint of a test environment.
        public static let applicationTest = Kind("applicationTest")
        /// The decision of a named reviewer.
        public static let approval = Kind("approval")

        /// Reads the name.
        public init(from decoder: any Decoder) throws {
            self.init(try decoder.singleValueContainer().decode(String.self))
        }

        /// Writes the name.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(description)
        }
    }

    /// What kind of statement it is.
    public var kind: Kind
    /// The digest of the package that it is about.
    public var subject: Digest
    /// What it concludes.
    public var verdict: Verdict
    /// The person or program that states it.
    public var issuer: String
    /// When it was stated.
    public var issuedAt: Date
    /// When it stops counting; `nil` for never.
    public var expiresAt: Date?
    /// One line for people.
    public var summary: String
    /// The digest of the full report, when there is one.
    public var report: Digest?
    /// The evidence that it rests on, by digest; an approval names the tests that the reviewer saw.
    public var basis: [Digest]

    /// Makes evidence.
    public init(
        _ kind: Kind, subject: Digest, verdict: Verdict, issuer: String, issuedAt: Date, expiresAt: Date? = nil,
        summary: String, report: Digest? = nil, basis: [Digest] = []
    ) {
        self.kind = kind
        self.subject = subject
        self.verdict = verdict
        self.issuer = issuer
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.summary = summary
        self.report = report
        self.basis = basis
    }

    /// The identity of the statement: the digest of its canonical JSON.
    public var digest: Digest { get throws { try Digest(ofJSON: self) } }
}
