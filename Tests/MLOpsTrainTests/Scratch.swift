import Foundation
import MLOpsCore
import Testing

/// Runs the body with a folder of its own, which is removed afterwards.
func withScratchFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mlops-train-\(UUID().uuidString)")
    try DurableFile.makeFolder(folder)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}

/// Expects that the body throws an error with the given code, whose texts are not empty.
func expectError(
    _ code: MLOpsError.Code, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async {
    do {
        try await body()
        Issue.record("expected \(code), but nothing was thrown", sourceLocation: sourceLocation)
    } catch let error as MLOpsError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        #expect(!error.message.isEmpty && !error.help.isEmpty, sourceLocation: sourceLocation)
    } catch { Issue.record(error, sourceLocation: sourceLocation) }
}
