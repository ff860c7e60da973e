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
        return try await LoopbackServer.serving(router) { url in
            try await body(url.appendingPathComponent("camera.mjpg"))
        }
    }
}
