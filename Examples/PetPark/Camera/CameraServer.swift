import Foundation
import Hummingbird
import NIOCore

/// A network camera: serves pictures as motion-JPEG over HTTP on the loopback interface, as CCTV cameras do.
struct CameraServer {
    /// The frames, JPEG each.
    var frames: [Data]
    /// How many frames a second; the example runs a day in seconds.
    var framesPerSecond: Double

    /// Serves while the body runs, and hands it the address of the stream.
    func withStream<Result: Sendable>(_ body: @escaping @Sendable (URL) async throws -> Result) async throws -> Result {
        let router = Router()
        let (frames, pause) = (frames, Duration.seconds(1 / framesPerSecond))
        router.get("camera.mjpg") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "multipart/x-mixed-replace; boundary=frame"],
                body: ResponseBody { writer in
                    for frame in frames {
                        var part = ByteBuffer(
                            string: "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: \(frame.count)\r\n\r\n")
                        part.writeBytes(frame)
                        part.writeString("\r\n")
                        try await writer.write(part)
                        try await Task.sleep(for: pause)
                    }
                    try await writer.write(ByteBuffer(string: "--frame--\r\n"))
                    try await writer.finish(nil)
                })
        }
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                if let port = channel.localAddress?.port { found.yield(port) }
                found.finish()
            })
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                try await application.run()
                return nil
            }
            group.addTask {
                for await port in ports {
                    guard let url = URL(string: "http://127.0.0.1:\(port)/camera.mjpg") else { break }
                    return try await body(url)
                }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }
}
