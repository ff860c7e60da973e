internal import Foundation
internal import MLOpsCore
internal import Synchronization

/// Keeps the last words of a child process, and an eye on how long it is silent.
final class FFmpegWatch: Sendable {
    private static let keptBytes = 1000

    private struct State {
        var words = Data()
        /// Since when bytes are waited for; `nil` while the reader has frames to take.
        var waitingSince: ContinuousClock.Instant? = .now
    }

    private let state = Mutex(State())

    /// The end of what it wrote to its standard error.
    var words: String {
        String(decoding: state.withLock { $0.words }, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Takes what it wrote to its standard error.
    func hear(_ bytes: Data) { state.withLock { $0.words = Data(($0.words + bytes).suffix(Self.keptBytes)) } }

    /// Silence does not count until ``restart()``.
    func pause() { state.withLock { $0.waitingSince = nil } }

    /// Silence counts from now on.
    func restart() { state.withLock { $0.waitingSince = .now } }

    /// Throws ``MLOpsError`` with `unavailable` after a silence.
    func wait(forSilenceOf timeout: Duration) async throws -> Never {
        while true {
            try await Task.sleep(for: timeout / 4)
            if let since = state.withLock({ $0.waitingSince }), .now - since > timeout {
                throw MLOpsError(
                    .unavailable, "ffmpeg was silent for \(timeout).", help: "Check the camera, or raise the timeout.")
            }
        }
    }
}
