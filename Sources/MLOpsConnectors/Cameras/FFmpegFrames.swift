internal import AsyncAlgorithms
internal import Foundation
internal import MLOpsCore
internal import MLOpsData

/// The frames that ffmpeg sends, over as many starts as it takes.
struct FFmpegFrames: AsyncSequence, Sendable {
    typealias Element = SourcedRecord<RawRecord>
    typealias Failure = any Error

    let camera: FFmpegCamera
    let start: Int

    func makeAsyncIterator() -> Iterator { Iterator(camera: camera, start: start) }

    struct Iterator: AsyncIteratorProtocol {
        private let camera: FFmpegCamera
        private var stamp: FrameStamp
        private var reading: Reading?

        init(camera: FFmpegCamera, start: Int) {
            self.camera = camera
            stamp = FrameStamp(
                camera: camera.id, minimumInterval: 0, wallClock: camera.wallClock, counter: camera.counter,
                start: start)
        }

        mutating func next() async throws -> SourcedRecord<RawRecord>? {
            let reading = self.reading ?? Reading(camera)
            self.reading = reading
            while let frame = try await reading.next() {
                if let record = stamp.record(of: frame) { return record }
            }
            return nil
        }
    }

    /// A task that runs ffmpeg as long as its frames are asked for.
    ///
    /// A child process lives within a call, and an iterator is asked again and again: so the call has a task of its
    /// own, which is cancelled, and ends the process, when the iterator goes or its task is cancelled.
    private final class Reading: Sendable {
        private let frames = AsyncThrowingChannel<Data, any Error>()
        private let task: Task<Void, Never>

        init(_ camera: FFmpegCamera) {
            task = Task { [frames] in
                do {
                    try await FFmpegRuns(camera: camera).run { await frames.send($0) }
                    frames.finish()
                } catch { frames.fail(error) }
            }
        }

        deinit { task.cancel() }

        func next() async throws -> Data? {
            try await withTaskCancellationHandler {
                var iterator = frames.makeAsyncIterator()
                let frame = try await iterator.next()
                try Task.checkCancellation()
                return frame
            } onCancel: {
                task.cancel()
            }
        }
    }
}
