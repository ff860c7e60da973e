internal import Foundation
internal import MLOpsCore

/// Why a child failed, as it hands it to its parent: a file beside the port file.
struct ChildFailure: Codable {
    private var code: String
    private var message: String
    private var help: String

    init(_ error: MLOpsError) {
        code = error.code.description
        message = error.message
        help = error.help
    }

    /// The error that the child met.
    var error: MLOpsError { MLOpsError(.init(code), message, help: help) }

    /// Writes the file.
    func write(beside portFile: URL) throws {
        try DurableFile.write(CanonicalJSON.encode(self), to: Self.file(beside: portFile), flush: false)
    }

    /// Reads the file; `nil` when there is none, or another program wrote it.
    init?(beside portFile: URL) {
        guard let bytes = FileManager.default.contents(atPath: Self.file(beside: portFile).path),
            let failure = try? CanonicalJSON.decode(ChildFailure.self, from: bytes)
        else { return nil }
        self = failure
    }

    private static func file(beside portFile: URL) -> URL { portFile.appendingPathExtension("error") }
}
