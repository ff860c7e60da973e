public import Foundation
internal import MLOpsCore

/// The state of the source code that a run was made from.
public struct SourceRevision: Sendable, Hashable, Codable {
    /// The commit, as hexadecimal digits.
    public var commit: String
    /// Whether files under version control differ from the commit.
    public var isDirty: Bool

    /// Names a revision.
    public init(commit: String, isDirty: Bool) {
        self.commit = commit
        self.isDirty = isDirty
    }

    /// Asks `git` for the revision checked out in a folder; `nil` when there is no `git` or no repository.
    public init?(of folder: URL) {
        guard
            let commit = Self.git(["rev-parse", "HEAD"], in: folder)?.trimmingCharacters(in: .whitespacesAndNewlines),
            commit.count >= 40, commit.allSatisfy(\.isHexDigit),
            let changes = Self.git(["status", "--porcelain", "--untracked-files=no"], in: folder)
        else { return nil }
        self.init(commit: commit, isDirty: !changes.isEmpty)
    }

    private static func git(_ arguments: [String], in folder: URL) -> String? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "-C", folder.path] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        // Read before waiting: a full pipe would stop the child.
        let bytes = (try? output.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? String(decoding: bytes, as: UTF8.self) : nil
    }
}
