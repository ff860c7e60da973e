internal import Foundation
internal import MLOpsCore
internal import MLOpsData

/// Makes records of a camera's frames: numbered, and with the time at which they came.
struct FrameStamp {
    private let camera: String
    private let minimumInterval: TimeInterval
    private let wallClock: WallClock
    private let counter: CameraCounter
    private var number: Int
    private var lastDelivered: Date?

    init(
        camera: String, minimumInterval: TimeInterval, wallClock: WallClock, counter: CameraCounter, start: Int
    ) {
        self.camera = camera
        self.minimumInterval = minimumInterval
        self.wallClock = wallClock
        self.counter = counter
        number = start
    }

    /// The record of a frame; `nil` for one that came too soon.
    mutating func record(of frame: Data) -> SourcedRecord<RawRecord>? {
        let now = wallClock.now()
        if let lastDelivered, now.timeIntervalSince(lastDelivered) < minimumInterval {
            counter.update { $0.dropped += 1 }
            return nil
        }
        lastDelivered = now
        counter.update { $0.delivered += 1 }
        number += 1
        let time = now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        let record = RawRecord(
            id: "\(camera)/\(time)/\(number)", bytes: frame,
            attributes: ["camera": camera, "capturedAt": time, "frame": "\(number)"])
        return SourcedRecord(record, next: SourcePosition(offset: number))
    }
}
