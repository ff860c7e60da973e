public import AsyncHTTPClient
public import Foundation
public import MLOpsCore
public import MLOpsData

/// A network camera that sends its pictures as Motion JPEG (`multipart/x-mixed-replace`) over HTTP.
///
/// A lost connection is opened again after a pause that grows; a stream without end goes on as long as it is read.
/// Memory holds what one read of the network brings and one frame of at most `maxFrameBytes`: a reader that is slow
/// holds the camera back through TCP. One that wants the newest picture, not every picture, uses
/// ``withLatestFrames(from:_:)``.
///
/// As a ``DataSource`` it differs from a file: the past can't be read again. A position only says from which number
/// on its frames are counted. Silence longer than the client's read timeout (90 s with the shared client) counts as a
/// lost connection.
public struct MotionJPEGCamera: DataSource {
    /// The name of the camera; the records carry it as attribute `camera`.
    public let id: String
    let address: String
    let headers: [(name: String, value: String)]
    let maxFrameBytes: Int
    let minimumInterval: TimeInterval
    let timeout: Duration
    let backoff: Backoff
    let client: HTTPClient
    let wallClock: WallClock
    let clock: any Clock<Duration>
    let counter = CameraCounter()

    /// Makes a camera; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - headers: what else the camera asks for, such as `Authorization`.
    ///   - maxFrameBytes: a larger frame ends the stream, which is opened again.
    ///   - minimumInterval: the seconds between two frames that are handed on; those between are dropped.
    ///   - timeout: how long a connection may take until the camera answers.
    ///   - backoff: the pauses between connections, and how many may fail in a row.
    ///   - wallClock: what stamps the frames.
    ///   - clock: what waits between connections.
    /// - Throws: ``MLOpsError`` with `invalidArgument` for an address that is not `http` or `https`.
    public init(
        id: String, url: URL, headers: [(name: String, value: String)] = [], maxFrameBytes: Int = 16 << 20,
        minimumInterval: TimeInterval = 0, timeout: Duration = .seconds(10), backoff: Backoff = Backoff(tries: 10),
        client: HTTPClient? = nil, wallClock: WallClock = .system, clock: any Clock<Duration> = ContinuousClock()
    ) throws {
        guard url.isWebAddress else {
            throw MLOpsError(
                .invalidArgument, "The camera '\(id)' can't be read at '\(url.absoluteString.redactingAddresses)'.",
                help: "Give an address that begins with http:// or https://, with a port of at most 65535.")
        }
        self.id = id
        address = url.absoluteString
        self.headers = headers
        self.maxFrameBytes = maxFrameBytes
        self.minimumInterval = minimumInterval
        self.timeout = timeout
        self.backoff = backoff
        self.client = client ?? .ofConnectors
        self.wallClock = wallClock
        self.clock = clock
    }

    /// The past can't be read again.
    public var isRepeatable: Bool { false }

    /// What has come so far, over all readings of this value.
    public var statistics: CameraStatistics { counter.current }

    /// The frames as they come, each a JPEG with the attributes `camera`, `capturedAt` (ISO 8601, by our clock) and
    /// `frame`, its number.
    ///
    /// The sequence throws ``MLOpsError``: `notFound` when the address has no camera, `external` when the camera
    /// refuses (such as for a missing password), `corruptData` when what it sends is no Motion JPEG, and `unavailable`
    /// when too many connections failed in a row.
    public func records(
        from position: SourcePosition
    ) -> any AsyncSequence<SourcedRecord<RawRecord>, any Error> & Sendable {
        MotionJPEGFrames(camera: self, start: position.offset)
    }

    /// Reads the camera at its own pace and hands on the newest frame whenever the body is ready for one.
    ///
    /// Frames that are overtaken are counted in ``statistics`` as dropped.
    /// - Parameter body: takes a frame; returns whether to go on.
    /// - Throws: As ``records(from:)``, and what the body throws.
    public func withLatestFrames(
        from position: SourcePosition = .start, _ body: (RawRecord) async throws -> Bool
    ) async throws {
        try await LatestFrames.read(self, from: position, counter, body)
    }
}
