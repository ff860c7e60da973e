internal import Foundation

/// The one error type that the libraries throw: what happened, the value at fault, and the way out.
///
/// Match on ``code``; show ``description`` to a person.
public struct MLOpsError: Error, Sendable {
    /// The kind of failure; open, so that a plug-in can add its own.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The stable, machine-readable name of the kind, in camel case.
        public let description: String

        /// Makes a kind of failure from its name.
        public init(_ name: String) { description = name }

        /// A value that came in breaks a stated rule; another value will do.
        public static let invalidArgument = Code("invalidArgument")
        /// Bytes from outside are not what they claim to be: truncated, malformed, of another format.
        public static let corruptData = Code("corruptData")
        /// The thing asked for by name, version or digest is not there.
        public static let notFound = Code("notFound")
        /// The name or version is taken and can't be taken again.
        public static let alreadyExists = Code("alreadyExists")
        /// The thing is in use elsewhere (a locked database, a port in use); trying again later can succeed.
        public static let unavailable = Code("unavailable")
        /// A set limit would be passed: bytes, pixels, elements, time.
        public static let limitExceeded = Code("limitExceeded")
        /// The disk, or another store, is full or refuses to write.
        public static let storage = Code("storage")
        /// The format, operator or option exists but is not supported here.
        public static let unsupported = Code("unsupported")
        /// A gate refused: evidence is missing, failed, expired or bound to another digest.
        public static let gateRefused = Code("gateRefused")
        /// Digests differ: the content is not what was recorded.
        public static let digestMismatch = Code("digestMismatch")
        /// The file was written by a newer release than this one.
        public static let newerSchema = Code("newerSchema")
        /// There is too little data for the question asked.
        public static let insufficientData = Code("insufficientData")
        /// Training met a value that is not finite.
        public static let diverged = Code("diverged")
        /// Something outside (a process, a server, a device) failed.
        public static let external = Code("external")
    }

    /// The kind of failure.
    public var code: Code
    /// What happened, with the value at fault.
    public var message: String
    /// What to do about it.
    public var help: String
    /// The error that led to this one.
    public var cause: (any Error)?

    /// Makes an error that says what happened and what to do about it.
    public init(_ code: Code, _ message: String, help: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.help = help
        self.cause = cause
    }
}

extension MLOpsError: CustomStringConvertible {
    /// The message, the way out and the cause, each on a line.
    public var description: String {
        var lines = ["\(message) [\(code)]", "  help: \(help)"]
        if let cause { lines.append("  cause: \(Self.words(of: cause))") }
        return lines.joined(separator: "\n")
    }

    /// What an error says; of Foundation's not the dump of their dictionaries.
    private static func words(of error: any Error) -> String {
        let isFoundations =
            error is CocoaError || error is POSIXError || error is URLError || type(of: error) == NSError.self
        return isFoundations ? error.localizedDescription : "\(error)"
    }
}
