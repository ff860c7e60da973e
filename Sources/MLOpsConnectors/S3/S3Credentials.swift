internal import Foundation

/// The keys by which an object store knows who asks; the secret ones are in no description.
public struct S3Credentials: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The name of the key.
    public let accessKey: String
    let secretKey: String
    let sessionToken: String?

    /// Makes credentials; a session token comes with keys that are lent for a while.
    public init(accessKey: String, secretKey: String, sessionToken: String? = nil) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
    }

    /// The credentials in an environment: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, if set,
    /// `AWS_SESSION_TOKEN`; `nil` without the first two.
    public init?(environment: [String: String]) {
        guard let key = environment["AWS_ACCESS_KEY_ID"], let secret = environment["AWS_SECRET_ACCESS_KEY"] else {
            return nil
        }
        self.init(accessKey: key, secretKey: secret, sessionToken: environment["AWS_SESSION_TOKEN"])
    }

    /// The name of the key.
    public var description: String { "S3Credentials(\(accessKey))" }
    /// The name of the key.
    public var debugDescription: String { description }
}
