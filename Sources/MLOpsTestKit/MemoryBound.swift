internal import Foundation

/// A bound on the memory that a reader of damaged files takes.
///
/// A damaged file can claim to be of any size; a reader that believes it takes the memory before it finds out.
public struct MemoryBound: Sendable {
    /// By how many bytes the work may raise the memory that the process holds, at its peak.
    public var bytes: Int

    /// Makes a bound.
    public init(mebibytes: Int = 64) { bytes = mebibytes << 20 }

    /// Runs `body`, and throws an ``ExamFailure`` when it took more.
    ///
    /// The memory is that of the whole process. So it is measured only where `MLOPS_FUZZ` is in the environment, which
    /// asks for tests that run one after the other (`swift test --no-parallel`), and on Linux, which can be told to
    /// begin a new peak.
    public func hold<Result>(_ name: String, _ body: () async throws -> Result) async throws -> Result {
        guard ProcessInfo.processInfo.environment["MLOPS_FUZZ"] != nil, let before = Self.beginPeak() else {
            return try await body()
        }
        let result = try await body()
        let peak = Self.peak() ?? before
        let figures = "\((peak - before) >> 10) KiB, to \(peak >> 10) KiB"
        print("Memory: \(ByteMutator.count) of \(name) raised the peak by \(figures)")
        try require(peak - before <= bytes, "\(name) take at most \(bytes >> 10) KiB; the peak rose by \(figures)")
        return result
    }

    /// Makes the memory that is held now the peak, and returns it in bytes; `nil` where that can't be done.
    private static func beginPeak() -> Int? {
        // Source: Linux, Documentation/filesystems/proc.rst, clear_refs.
        guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return nil }
        defer { try? file.close() }
        do { try file.write(contentsOf: Data("5".utf8)) } catch { return nil }
        return peak()
    }

    /// The peak of resident memory in bytes.
    private static func peak() -> Int? {
        let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        return status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }?.split(separator: " ").dropLast().last
            .flatMap { Int($0) }.map { $0 << 10 }
    }
}
