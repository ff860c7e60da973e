internal import Foundation
internal import MLOpsCore
internal import Synchronization

/// Keeps the last words of a child process, and an eye on how long it is silent.
final class FFmpegWatch: Sendable {
    private static let keptBytes = 1000

    private struct State {
        var words = Data()
        /// Whether they are the end of more.
        var areCut = false
        /// Since when bytes are waited for; `nil` while the reader has frames to take.
        var waitingSince: ContinuousClock.Instant? = .now
    }

    private let state = Mutex(State())

    /// The last lines of what it wrote to its standard error.
    var words: String {
        let (words, areCut) = state.withLock { ($0.words, $0.areCut) }
        // In half a line an address is not known as one, with the password in it.
        let lines = areCut ? words.drop { $0 != UInt8(ascii: "\n") } : words
        return String(decoding: lines, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Takes what it wrote to its standard error.
    func hear(_ bytes: Data) {
        state.withLock {
            let all = $0.words + bytes
            $0.areCut = $0.areCut || all.count > Self.keptBytes
            $0.words = Data(all.suffix(Self.keptBytes))
        }
    }

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
