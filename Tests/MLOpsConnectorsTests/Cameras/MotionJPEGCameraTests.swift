import Foundation
import MLOpsConnectors
import MLOpsCore
import MLOpsData
import Synchronization
import Testing

@Suite("Motion JPEG camera")
struct MotionJPEGCameraTests {
    private let quick = Backoff(first: .milliseconds(5), longest: .milliseconds(10), tries: 3)
    private let head = Array(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n".utf8)

    private func part(_ content: [UInt8]) -> [UInt8] {
        Array("--frame\r\nContent-Type: image/jpeg\r\nContent-Length: \(content.count)\r\n\r\n".utf8) + content
            + Array("\r\n".utf8)
    }

    private func read(_ camera: MotionJPEGCamera, _ count: Int) async throws -> [RawRecord] {
        var records: [RawRecord] = []
        for try await record in camera.records(from: .start) {
            records.append(record.record)
            if records.count == count { break }
        }
        return records
    }

    @Test("Frames are stamped, numbered, and go on over a lost connection")
    func reconnects() async throws {
        let server = try LoopbackServer { number, _, write in
            _ = write(head)
            for index in 0..<3 { _ = write(part([UInt8(10 * number + index), 1, 2, 3])) }
            _ = write(Array("--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 99\r\n\r\nhalf".utf8))
        }
        let camera = try MotionJPEGCamera(
            id: "north", url: server.url("/video"), backoff: quick,
            wallClock: .fixed(Date(timeIntervalSince1970: 1_780_000_000)))
        let records = try await read(camera, 7)
        #expect(records.map { $0.bytes.first } == [0, 1, 2, 10, 11, 12, 20])
        #expect(
            records[3].attributes == [
                "camera": "north", "capturedAt": "2026-05-28T20:26:40.000Z", "frame": "4",
            ])
        #expect(Set(records.map(\.id)).count == 7)
        #expect(camera.statistics.reconnects == 2 && camera.statistics.delivered == 7)
    }

    @Test("A frame above the limit ends the stream, which is opened again; too many such in a row throw")
    func tooLarge() async throws {
        let server = try LoopbackServer { number, _, write in
            _ = write(head)
            if number == 1 { _ = write(part([7])) } else { _ = write(part([UInt8](repeating: 0, count: 2000))) }
        }
        let camera = try MotionJPEGCamera(id: "c", url: server.url("/"), maxFrameBytes: 1000, backoff: quick)
        #expect(try await read(camera, 1).map(\.bytes) == [Data([7])])
        let error = await #expect(throws: MLOpsError.self) { _ = try await read(camera, 1) }
        #expect(error?.code == .unavailable)
        #expect(camera.statistics.rejected >= 3)
    }

    @Test(
        "What is no camera throws at once, with the reason as its code",
        arguments: [
            ("404 Not Found", "text/html", MLOpsError.Code.notFound),
            ("401 Unauthorized", "text/html", .external), ("200 OK", "text/html", .corruptData),
        ])
    func noCamera(status: String, type: String, code: MLOpsError.Code) async throws {
        let server = try LoopbackServer { _, _, write in
            _ = write(Array("HTTP/1.1 \(status)\r\nConnection: close\r\nContent-Type: \(type)\r\n\r\n".utf8))
        }
        let camera = try MotionJPEGCamera(id: "c", url: server.url("/"), backoff: quick)
        let error = await #expect(throws: MLOpsError.self) { _ = try await read(camera, 1) }
        #expect(error?.code == code)
    }

    @Test("A slow reader of the latest frames sees the newest ones, and the others are counted as dropped")
    func latest() async throws {
        let server = try LoopbackServer { _, _, write in
            _ = write(head)
            for index in 0..<200 {
                guard write(part([UInt8(index)])) else { return }
                usleep(1000)
            }
            while write(part([255])) { usleep(5000) }
        }
        let camera = try MotionJPEGCamera(id: "c", url: server.url("/"), backoff: quick)
        var seen: [UInt8] = []
        try await camera.withLatestFrames { record in
            seen.append(record.bytes.first ?? 0)
            try await Task.sleep(for: .milliseconds(50))
            return seen.last != 255
        }
        #expect(seen == seen.sorted() && seen.last == 255)
        #expect(seen.count < 100)
        #expect(camera.statistics.dropped > 50)
    }

    @Test("Frames that come sooner than wanted are dropped")
    func interval() async throws {
        let server = try LoopbackServer { _, _, write in
            _ = write(head)
            for index in 0..<10 { _ = write(part([UInt8(index)])) }
        }
        let time = Mutex(0.0)
        let clock = WallClock {
            Date(
                timeIntervalSince1970: time.withLock { seconds in
                    seconds += 1
                    return seconds
                })
        }
        let camera = try MotionJPEGCamera(
            id: "c", url: server.url("/"), minimumInterval: 3, backoff: quick, wallClock: clock)
        #expect(try await read(camera, 4).map { $0.bytes.first } == [0, 3, 6, 9])
        #expect(camera.statistics.dropped == 6)
    }

    @Test(
        "A camera at the address in MLOPS_TEST_CAMERA sends whole JPEGs",
        .enabled(if: ProcessInfo.processInfo.environment["MLOPS_TEST_CAMERA"] != nil))
    func realCamera() async throws {
        let address = try #require(ProcessInfo.processInfo.environment["MLOPS_TEST_CAMERA"])
        let camera = try MotionJPEGCamera(id: "real", url: try #require(URL(string: address)), backoff: quick)
        for record in try await read(camera, 10) {
            #expect(record.bytes.starts(with: [0xff, 0xd8]) && record.bytes.suffix(2) == Data([0xff, 0xd9]))
        }
    }

    @Test("A reader that is cancelled stops, even while the camera is silent")
    func cancellation() async throws {
        let server = try LoopbackServer { _, _, write in
            _ = write(head + part([1]))
            sleep(300)
        }
        let camera = try MotionJPEGCamera(id: "c", url: server.url("/"), backoff: quick)
        let began = ContinuousClock.now
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await read(camera, 2) }
            try? await Task.sleep(for: .milliseconds(200))
            group.cancelAll()
            await #expect(throws: (any Error).self) { try await group.next() }
        }
        #expect(ContinuousClock.now - began < .seconds(60))
    }
}
