import Foundation
import MLOpsConnectors
import MLOpsCore
import MLOpsData
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Whether ffmpeg is installed.
private let hasFFmpeg = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
    FileManager.default.isExecutableFile(atPath: "\($0)/ffmpeg")
}

@Suite("Cameras that ffmpeg reads", .timeLimit(.minutes(1))) struct FFmpegCameraTests {
    private func read(_ camera: FFmpegCamera, _ count: Int = .max) async throws -> [RawRecord] {
        var records: [RawRecord] = []
        for try await sourced in camera.records(from: .start) {
            records.append(sourced.record)
            #expect(sourced.next.offset == records.count)
            if records.count == count { break }
        }
        return records
    }

    /// A camera whose ffmpeg is a shell script.
    private func camera(
        _ script: String, isLive: Bool = true, timeout: Duration = .seconds(20),
        _ body: (FFmpegCamera) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "ffmpeg-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let executable = folder.appending(path: "ffmpeg")
        let helpers =
            #"frame() { printf '%s\r\nContent-type: image/jpeg\r\nContent-length: %d\r\n\r\n%s\r\n' --mlops-frame ${#1} "$1"; }"#
        try Data("#!/bin/sh\n\(helpers)\ncd '\(folder.path)'\n\(script)\n".utf8).write(to: executable)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: executable.path)
        try await body(
            FFmpegCamera(
                id: "c", input: "in; touch pwned", isLive: isLive, executable: executable.path, maxFrameBytes: 1000,
                timeout: timeout, backoff: quickBackoff))
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "pwned").path))
    }

    @Test("Test pictures come as whole JPEGs, sampled, to the end of the input", .enabled(if: hasFFmpeg, "no ffmpeg"))
    func testPictures() async throws {
        let camera = FFmpegCamera(
            id: "test", input: "testsrc=size=160x120:rate=10:duration=3", inputOptions: ["-f", "lavfi"],
            framesPerSecond: 2, isLive: false, backoff: quickBackoff)
        let records = try await read(camera)
        #expect((6...7).contains(records.count) && camera.statistics.received == records.count)
        for (index, record) in records.enumerated() {
            let image = try ImageDecoder().decode(record.bytes)
            #expect(image.width == 160 && image.height == 120)
            #expect(record.attributes["camera"] == "test" && record.attributes["frame"] == "\(index + 1)")
            #expect(record.attributes["capturedAt"]?.hasSuffix("Z") == true)
        }
        // A clock that counts seconds moves in it; a picture of one color does not.
        let gate = FrameGate(minimumMotion: 0.001)
        let still = FFmpegCamera(
            id: "still", input: "color=gray:size=64x64:rate=5:duration=2", inputOptions: ["-f", "lavfi"], isLive: false)
        let moving = camera.gated(by: gate)
        let standing = still.gated(by: gate)
        for try await _ in moving.records(from: .start) {}
        for try await _ in standing.records(from: .start) {}
        #expect(moving.statistics.kept >= 6 && standing.statistics.kept == 1 && standing.statistics.still == 9)
    }

    @Test("A camera that speaks RTSP is read", .enabled(if: hasFFmpeg, "no ffmpeg")) func rtsp() async throws {
        // ffmpeg as the listening end; another sends to it.
        let address = "rtsp://127.0.0.1:\(Int.random(in: 20_000..<60_000))/north"
        let camera = FFmpegCamera(
            id: "north", input: address, inputOptions: ["-rtsp_flags", "listen", "-rtsp_transport", "tcp"],
            timeout: .seconds(30), backoff: Backoff(first: .milliseconds(100), tries: 5))
        let records = try await withThrowingTaskGroup(of: [RawRecord].self) { group in
            group.addTask { try await read(camera, 5) }
            group.addTask {
                // It fails until the other end listens.
                while !Task.isCancelled {
                    let sender = Process()
                    sender.executableURL = URL(filePath: "/usr/bin/env")
                    sender.arguments = [
                        "ffmpeg", "-nostdin", "-loglevel", "quiet", "-re", "-f", "lavfi", "-i",
                        "testsrc=size=160x120:rate=10", "-t", "8", "-c:v", "mpeg4", "-rtsp_transport", "tcp", "-f",
                        "rtsp",
                        address,
                    ]
                    try sender.run()
                    while sender.isRunning, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(50)) }
                    kill(sender.processIdentifier, SIGKILL)
                }
                return []
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
        #expect(records.count == 5)
        for record in records { #expect(try ImageDecoder().decode(record.bytes).width == 160) }
    }

    @Test("A camera that stops in the middle of a frame loses that frame, is counted, and is opened again")
    func stopsWithin() async throws {
        try await camera("frame one; frame two; printf -- '--mlops-frame\\r\\nContent-length: 99\\r\\n\\r\\nhalf'") {
            camera in
            let records = try await read(camera, 5)
            #expect(records.map { String(decoding: $0.bytes, as: UTF8.self) } == ["one", "two", "one", "two", "one"])
            #expect(camera.statistics.rejected == 2 && camera.statistics.reconnects == 2)
            #expect(Set(records.map(\.id)).count == 5)
        }
    }

    @Test("A camera that never comes throws after its tries, with ffmpeg's last words") func neverComes() async throws {
        try await camera("echo \"$*\" >>arguments; echo 'No route to host' >&2; exit 1") { camera in
            let error = await #expect(throws: MLOpsError.self) { try await read(camera) }
            #expect(error?.code == .unavailable && error?.message.contains("No route to host") == true)
            #expect(error?.message.contains("3 times") == true)
        }
        let none = FFmpegCamera(id: "c", input: "x", executable: "no-such-ffmpeg")
        let missing = await #expect(throws: MLOpsError.self) { try await read(none) }
        #expect(missing?.code == .notFound)
        let wrong = FFmpegCamera(id: "c", input: "x", quality: 50)
        let refused = await #expect(throws: MLOpsError.self) { try await read(wrong) }
        #expect(refused?.code == .invalidArgument)
    }

    @Test("What ffmpeg says of an address is told without its password and its query")
    func secrets() async throws {
        let quoted =
            "echo '[in#0] rtsp://admin:p@ss@10.0.0.7/north?token=t0k3n: refused, or http://10.0.0.7/a' >&2; exit 1"
        try await camera(quoted) { camera in
            let message = await #expect(throws: MLOpsError.self) { try await read(camera) }?.message ?? ""
            #expect(message.contains("[in#0] rtsp://…@10.0.0.7/north?… refused, or http://10.0.0.7/a"))
        }
        // The last 1000 bytes begin within the password.
        let long = String(repeating: "s", count: 1500)
        try await camera("echo 'rtsp://admin:\(long)@10.0.0.7/north' >&2; echo 'No route' >&2; exit 1") { camera in
            let message = await #expect(throws: MLOpsError.self) { try await read(camera) }?.message ?? ""
            #expect(message.contains("No route") && !message.contains("sss"))
        }
        let url = try #require(URL(string: "ftp://admin:secret@10.0.0.7/mjpg?key=abc"))
        let wrong = #expect(throws: MLOpsError.self) { try MotionJPEGCamera(id: "c", url: url) }
        #expect(wrong?.message.contains("ftp://…@10.0.0.7/mjpg?…") == true)
    }

    @Test("A camera that falls silent is ended and opened again; a slow reader does not count as silence")
    func silence() async throws {
        try await camera("frame one; exec sleep 100", timeout: .milliseconds(200)) { camera in
            var seen = 0
            for try await _ in camera.records(from: .start) {
                seen += 1
                if seen == 1 { try await Task.sleep(for: .milliseconds(500)) }
                if seen == 3 { break }
            }
            #expect(camera.statistics.reconnects == 2)
        }
    }

    @Test("A frame above the limit ends the stream, which is opened again") func tooLarge() async throws {
        let big = String(repeating: "x", count: 2000)
        try await camera("[ -e again ] && { frame three; exit 0; }; touch again; frame one; frame \(big)") { camera in
            let records = try await read(camera, 2)
            #expect(records.map { String(decoding: $0.bytes, as: UTF8.self) } == ["one", "three"])
            #expect(camera.statistics.rejected == 1)
        }
    }

    @Test("The end of an input that is not live is the end; one that breaks off throws, and is not read twice")
    func ends() async throws {
        try await camera("[ -e again ] && { frame one; exit 0; }; touch again; exit 1", isLive: false) { camera in
            let records = try await read(camera)
            #expect(records.map(\.bytes) == [Data("one".utf8)])
        }
        try await camera("frame one; echo 'Invalid data' >&2; exit 1", isLive: false) { camera in
            var seen = 0
            let error = await #expect(throws: MLOpsError.self) {
                for try await _ in camera.records(from: .start) { seen += 1 }
            }
            #expect(seen == 1 && error?.code == .corruptData && error?.message.contains("Invalid data") == true)
        }
    }

    @Test("A reading that is left or cancelled ends ffmpeg") func cancellation() async throws {
        try await camera("echo $$ >pid; frame one; exec sleep 100") { camera in
            #expect(try await read(camera, 1).count == 1)
            await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await read(camera, 2) }
                try? await Task.sleep(for: .milliseconds(200))
                group.cancelAll()
                await #expect(throws: (any Error).self) { try await group.next() }
            }
            let file = URL(filePath: camera.executable).deletingLastPathComponent().appending(path: "pid")
            let pid = try #require(Int32(try String(contentsOf: file, encoding: .utf8).dropLast()))
            for _ in 0..<300 where kill(pid, 0) == 0 { try await Task.sleep(for: .milliseconds(10)) }
            #expect(kill(pid, 0) != 0)
        }
    }
}
