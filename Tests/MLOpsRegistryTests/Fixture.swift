import Foundation
import MLOpsCore
import MLOpsRegistry
import Synchronization
import Testing

/// A folder that is removed at the end of the body.
func withFolder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("registry-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}

/// A clock that goes on by a minute each time it is asked, and can be set.
final class StepClock: Sendable {
    private let time: Mutex<Date>
    init(_ start: Date = Date(timeIntervalSince1970: 1_772_000_000.123)) { time = Mutex(start) }
    var clock: WallClock {
        WallClock {
            self.time.withLock {
                $0 += 60
                return $0
            }
        }
    }
    var last: Date { time.withLock { $0 } }
    func set(_ date: Date) { time.withLock { $0 = date } }
}

/// A small package; another content is another digest.
func package(_ content: String, name: String = "park-pets") throws -> ModelPackage {
    try ModelPackage(
        manifest: ModelPackage.Manifest(
            name: name, format: .onnx,
            signature: ModelSignature(
                inputs: [ModelSignature.TensorSpec("image", .float32, shape: [-1, 3, 64, 64])],
                outputs: [ModelSignature.TensorSpec("logits", .float32, shape: [-1, 2])]),
            labels: ["cat", "dog"]),
        files: [
            ModelFile(path: "model.onnx", bytes: Data(content.utf8)),
            ModelFile(path: "docs/labels.txt", bytes: Data("cat\ndog\n".utf8)),
        ])
}

extension Evidence {
    /// A statement of a test.
    static func test(
        _ kind: Kind, _ subject: Digest, _ verdict: Verdict = .pass, by issuer: String = "ci",
        at date: Date = Date(timeIntervalSince1970: 1_772_000_000.4567), expires: Date? = nil, basis: [Digest] = []
    ) -> Evidence {
        Evidence(
            kind, subject: subject, verdict: verdict, issuer: issuer, issuedAt: date, expiresAt: expires,
            summary: "\(kind) says \(verdict.rawValue)", basis: basis)
    }
}

extension ModelRegistry {
    /// Registers a package by Ana and gives it all that `production` asks for, approved by Marta.
    func registerApproved(_ package: ModelPackage, expires: Date? = nil) async throws -> ModelVersion {
        let version = try await register(package, by: "ana", why: "better")
        let tests = [
            try await record(.test(.modelTest, package.digest)),
            try await record(.test(.applicationTest, package.digest)),
        ]
        try await record(.test(.approval, package.digest, by: "marta", expires: expires, basis: tests))
        return version
    }
}

/// Requires that the body throws an ``MLOpsError`` with the code, and returns it.
@discardableResult func expectError(
    _ code: MLOpsError.Code, _ body: () async throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
) async throws -> MLOpsError {
    let error = try await #require(throws: MLOpsError.self, sourceLocation: sourceLocation) { try await body() }
    #expect(error.code == code, sourceLocation: sourceLocation)
    return error
}
