internal import Foundation
internal import MLOpsCore
internal import MLOpsData
internal import Subprocess

/// Runs ffmpeg, again and again while the camera is live.
struct FFmpegRuns: Sendable {
    let camera: FFmpegCamera

    /// Hands each frame on, and waits until it is taken; returns at the end of an input that has one.
    func run(_ take: @escaping @Sendable (Data) async -> Void) async throws {
        let arguments = try camera.arguments()
        var failures = 0
        var starts = 0
        while true {
            try Task.checkCancellation()
            starts += 1
            if starts > 1 { camera.counter.update { $0.reconnects += 1 } }
            let before = camera.counter.current.received
            let ending = try await start(arguments, take)
            try Task.checkCancellation()
            let gaveFrames = camera.counter.current.received > before
            if !camera.isLive {
                if ending.isEnd { return }
                // Read from its beginning again, it would give the same frames twice.
                if gaveFrames {
                    throw MLOpsError(
                        .corruptData, "The input of '\(camera.id)' broke off: \(ending.reason)",
                        help: "Check that the file is whole; the frames before that were given.")
                }
            }
            failures = gaveFrames ? 1 : failures + 1
            guard failures < camera.backoff.tries else {
                throw MLOpsError(
                    .unavailable, "The camera '\(camera.id)' failed \(failures) times in a row: \(ending.reason)",
                    help: "Check that ffmpeg can read its input: \(camera.executable) -i …")
            }
            try await camera.clock.sleep(for: camera.backoff.wait(afterFailures: failures))
        }
    }

    /// How a run of ffmpeg ended.
    private struct Ending: Sendable {
        /// Whether it came to the end of its input.
        let isEnd: Bool
        let reason: String

        /// - Parameter reason: what ffmpeg said, which may quote an address with its password.
        init(isEnd: Bool = false, reason: String) {
            self.isEnd = isEnd
            self.reason = reason.redactingAddresses
        }
    }

    /// What is waited for while ffmpeg runs.
    private enum Part { case frames, words, patience }

    private func start(
        _ arguments: [String], _ take: @escaping @Sendable (Data) async -> Void
    ) async throws -> Ending {
        let executable: Executable =
            camera.executable.contains("/") ? .path(Self.literal(camera.executable)) : .name(camera.executable)
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(1))]
        let watch = FFmpegWatch()
        do {
            let outcome = try await Subprocess.run(
                executable, arguments: Arguments(arguments), platformOptions: options, input: .none, output: .sequence,
                error: .sequence
            ) { process in
                try await withThrowingTaskGroup(of: Part.self) { group in
                    group.addTask {
                        for try await piece in process.standardError { watch.hear(piece.withUnsafeBytes { Data($0) }) }
                        return .words
                    }
                    group.addTask {
                        do { try await watch.wait(forSilenceOf: camera.timeout) } catch {
                            // What waits for its output goes on when it ends.
                            try? process.send(signal: .kill)
                            throw error
                        }
                    }
                    group.addTask {
                        try await read(process.standardOutput, watch, take)
                        return .frames
                    }
                    var missing: Set<Part> = [.frames, .words]
                    while !missing.isEmpty, let part = try await group.next(), part != .patience {
                        missing.remove(part)
                        if part == .frames {
                            // Its last words come when it ends, at once; one that does not end is ended.
                            watch.pause()
                            group.addTask {
                                try await Task.sleep(for: .seconds(2))
                                return .patience
                            }
                        }
                    }
                    group.cancelAll()
                }
            }
            let status = outcome.terminationStatus
            return Ending(isEnd: status.isSuccess, reason: watch.words.isEmpty ? "\(status)" : watch.words)
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw MLOpsError(
                .notFound, "There is no program '\(camera.executable)'.", help: "Install ffmpeg, or name its path.",
                cause: error)
        } catch {
            try Task.checkCancellation()
            return Ending(reason: ((error as? MLOpsError)?.message ?? "\(error)") + " " + watch.words)
        }
    }

    /// A path of the type that the library has from another package, which need not be imported for this.
    private static func literal<Text: ExpressibleByStringLiteral>(_ text: Text.StringLiteralType) -> Text {
        Text(stringLiteral: text)
    }

    /// Cuts what ffmpeg sends into frames; throws when it is silent too long.
    private func read(
        _ output: SubprocessOutputSequence, _ watch: FFmpegWatch, _ take: @escaping @Sendable (Data) async -> Void
    ) async throws {
        var parser = try MotionJPEGParser(boundary: FFmpegCamera.boundary, maxFrameBytes: camera.maxFrameBytes)
        defer { if parser.hasPartialFrame { camera.counter.update { $0.rejected += 1 } } }
        var pieces = output.makeAsyncIterator()
        while let piece = try await pieces.next() {
            let frames = try piece.withUnsafeBytes { try parser.feed($0) }
            camera.counter.update { $0.received += frames.count }
            watch.pause()
            for frame in frames { await take(frame) }
            watch.restart()
        }
        if parser.hasPartialFrame {
            throw MLOpsError(.corruptData, "It stopped in the middle of a frame.", help: "Check the camera.")
        }
    }
}
