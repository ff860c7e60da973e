internal import Foundation
public import MLOpsCore
public import MLOpsData

/// A camera, or anything else, that the program ffmpeg can read: RTSP, a USB device, a video file, a test picture.
///
/// ffmpeg runs as a child process, with its arguments as a list and no shell, and sends JPEGs over a pipe. When it ends
/// or falls silent, it is started again after a pause that grows; a camera that stops in the middle of a frame costs
/// that frame, which is counted. Memory holds one frame of at most `maxFrameBytes` and what the pipe brings: a reader
/// that is slow holds ffmpeg back. One that wants the newest picture, not every picture, uses
/// ``withLatestFrames(from:_:)``.
///
/// As a ``DataSource`` it differs from a file: the past can't be read again. A position only says from which number on
/// its frames are counted.
public struct FFmpegCamera: DataSource {
    /// The name of the camera; the records carry it as attribute `camera`.
    public let id: String
    /// What ffmpeg reads: an address, a device or a file.
    public let input: String
    /// ffmpeg's options for the input, such as `["-f", "v4l2"]`.
    public var inputOptions: [String]
    /// How many frames a second ffmpeg hands over; the others are dropped before they are encoded. `nil` for all.
    public var framesPerSecond: Double?
    /// Whether the end of the input is a loss, after which it is opened again; `false` for a file, whose end is the end.
    public var isLive: Bool
    /// The quality of the JPEGs, 2…31; 2 is the best.
    public var quality: Int
    /// The program, by name or path.
    public var executable: String
    /// A larger frame ends the stream, which is opened again.
    public var maxFrameBytes: Int
    /// Silence that counts as a lost connection.
    public var timeout: Duration
    /// The pauses between starts, and how many may fail in a row.
    public var backoff: Backoff
    /// What stamps the frames.
    public var wallClock: WallClock
    /// What waits between starts.
    public var clock: any Clock<Duration>
    let counter = CameraCounter()

    /// Makes a camera; nothing is started yet. An address of RTSP is read over TCP, unless the options say otherwise.
    public init(
        id: String, input: String, inputOptions: [String]? = nil, framesPerSecond: Double? = nil, isLive: Bool = true,
        quality: Int = 2, executable: String = "ffmpeg", maxFrameBytes: Int = 16 << 20,
        timeout: Duration = .seconds(30), backoff: Backoff = Backoff(tries: 10), wallClock: WallClock = .system,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.id = id
        self.input = input
        let isRTSP = ["rtsp://", "rtsps://"].contains { input.lowercased().hasPrefix($0) }
        self.inputOptions = inputOptions ?? (isRTSP ? ["-rtsp_transport", "tcp"] : [])
        self.framesPerSecond = framesPerSecond
        self.isLive = isLive
        self.quality = quality
        self.executable = executable
        self.maxFrameBytes = maxFrameBytes
        self.timeout = timeout
        self.backoff = backoff
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
    /// The sequence throws ``MLOpsError``: `notFound` when there is no ffmpeg, `invalidArgument` for settings that can't
    /// be, `corruptData` when an input that is not live breaks off, and `unavailable`, with ffmpeg's last words, when too
    /// many starts in a row gave no frame.
    public func records(
        from position: SourcePosition
    ) -> any AsyncSequence<SourcedRecord<RawRecord>, any Error> & Sendable {
        FFmpegFrames(camera: self, start: position.offset)
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

    /// ffmpeg's arguments.
    func arguments() throws -> [String] {
        guard (2...31).contains(quality), framesPerSecond.map({ $0 > 0 && $0 <= 1000 }) ?? true, !input.isEmpty else {
            throw MLOpsError(
                .invalidArgument,
                "The camera '\(id)' can't be read at quality \(quality), \(framesPerSecond ?? 0) frames a second.",
                help: "Take a quality of 2 to 31, more than 0 frames a second, and an input.")
        }
        return ["-nostdin", "-hide_banner", "-loglevel", "error"] + inputOptions + ["-i", input, "-an", "-sn", "-dn"]
            + (framesPerSecond.map { ["-vf", "fps=\($0)"] } ?? [])
            + ["-c:v", "mjpeg", "-q:v", "\(quality)", "-f", "mpjpeg", "-boundary_tag", Self.boundary, "pipe:1"]
    }

    static let boundary = "mlops-frame"
}
