internal import AsyncHTTPClient
internal import Foundation
internal import MLOpsCore
internal import MLOpsData
internal import NIOCore
internal import NIOHTTP1

/// The frames of a camera, over as many connections as it takes.
struct MotionJPEGFrames: AsyncSequence, Sendable {
    let camera: MotionJPEGCamera
    let start: Int

    func makeAsyncIterator() -> Iterator { Iterator(camera: camera, number: start) }

    struct Iterator: AsyncIteratorProtocol {
        private let camera: MotionJPEGCamera
        private var stamp: FrameStamp
        private var chunks: HTTPClientResponse.Body.AsyncIterator?
        private var parser: MotionJPEGParser?
        private var waiting: ArraySlice<Data> = []
        private var failures = 0
        private var connections = 0

        init(camera: MotionJPEGCamera, number: Int) {
            self.camera = camera
            stamp = FrameStamp(
                camera: camera.id, minimumInterval: camera.minimumInterval, wallClock: camera.wallClock,
                counter: camera.counter, start: number)
        }

        mutating func next() async throws -> SourcedRecord<RawRecord>? {
            while true {
                if let frame = waiting.popFirst() {
                    if let record = stamp.record(of: frame) { return record }
                    continue
                }
                try Task.checkCancellation()
                do { try await read() } catch let error as MLOpsError where !Self.mayRecover(error) {
                    throw error
                } catch {
                    try Task.checkCancellation()
                    try await pause(after: error)
                }
            }
        }

        /// Reads one chunk of the open connection, or opens one.
        private mutating func read() async throws {
            guard chunks != nil else { return try await connect() }
            guard let bytes = try await nextChunk() else { throw interrupted("The stream ended.") }
            do { waiting = try parser?.feed(bytes.readableBytesView)[...] ?? [] } catch {
                camera.counter.update { $0.rejected += 1 }
                throw interrupted("The stream can't be read.", error)
            }
            camera.counter.update { [count = waiting.count] in $0.received += count }
            if !waiting.isEmpty { failures = 0 }
            if parser?.isAtEnd == true && waiting.isEmpty { throw interrupted("The stream ended.") }
        }

        private mutating func nextChunk() async throws -> ByteBuffer? {
            do {
                if let bytes = try await chunks?.next() { return bytes }
            } catch {
                countPartialFrame()
                throw error
            }
            countPartialFrame()
            return nil
        }

        /// A camera that stopped in the middle of a frame leaves one that is thrown away.
        private func countPartialFrame() {
            if parser?.hasPartialFrame == true { camera.counter.update { $0.rejected += 1 } }
        }

        private mutating func connect() async throws {
            connections += 1
            if connections > 1 { camera.counter.update { $0.reconnects += 1 } }
            var request = HTTPClientRequest(url: camera.address)
            for header in camera.headers { request.headers.add(name: header.name, value: header.value) }
            let response = try await camera.client.follow(request, timeout: camera.timeout)
            let status = response.status.code
            guard status == 200 else {
                let code: MLOpsError.Code =
                    status == 404 || status == 410
                    ? .notFound
                    : status >= 500 || status == 408 || status == 429 ? .unavailable : .external
                throw MLOpsError(
                    code, "The camera '\(camera.id)' answered \(response.status).",
                    help: "Check its address, and the headers (such as Authorization) that it asks for.")
            }
            let type = response.headers.first(name: "content-type") ?? ""
            guard let boundary = MotionJPEGParser.boundary(ofContentType: type) else {
                throw MLOpsError(
                    .corruptData, "The camera '\(camera.id)' sends '\(type)', which is no Motion JPEG.",
                    help: "Give the address of its multipart/x-mixed-replace stream.")
            }
            parser = try MotionJPEGParser(boundary: boundary, maxFrameBytes: camera.maxFrameBytes)
            chunks = response.body.makeAsyncIterator()
        }

        private mutating func pause(after error: any Error) async throws {
            chunks = nil
            parser = nil
            failures += 1
            guard failures < camera.backoff.tries else {
                throw MLOpsError(
                    .unavailable, "The camera '\(camera.id)' failed \(failures) times in a row.",
                    help: "Check that it runs and can be reached from here.", cause: error)
            }
            try await camera.clock.sleep(for: camera.backoff.wait(afterFailures: failures))
        }

        private func interrupted(_ what: String, _ cause: (any Error)? = nil) -> MLOpsError {
            MLOpsError(.unavailable, "\(what) (camera '\(camera.id)')", help: "It is opened again.", cause: cause)
        }

        private static func mayRecover(_ error: MLOpsError) -> Bool { error.code == .unavailable }
    }
}
