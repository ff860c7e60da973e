/// When two frames are too near in time to be on two sides: the same camera, less than so many seconds apart.
public struct FrameAdjacency: Sendable, Hashable, Codable {
    /// Frames that are less than this far apart are adjacent, in seconds.
    public var seconds: Double
    /// The attribute that names a frame's camera; frames without it are of one camera.
    public var camera: String
    /// The attribute that holds a frame's time, in ISO 8601 or seconds since 1970.
    public var time: String

    /// Makes a rule of adjacency.
    public init(within seconds: Double, camera: String = "camera", time: String = "capturedAt") {
        self.seconds = seconds
        self.camera = camera
        self.time = time
    }

    /// Each frame that is adjacent to one before it on another side, with the latest such.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for a frame without a time.
    func leaks(among sides: [(name: String, entries: [DatasetEntry])]) throws -> [Leak] {
        var frames: [String: [(time: Double, id: String, side: Int)]] = [:]
        for (side, part) in sides.enumerated() {
            for entry in part.entries {
                frames[entry.attributes[camera] ?? "", default: []].append((try entry.time(time), entry.id, side))
            }
        }
        var leaks: [Leak] = []
        for camera in frames.keys.sorted() {
            var latest = [(time: Double, id: String)?](repeating: nil, count: sides.count)
            for frame in (frames[camera] ?? []).sorted(by: { ($0.time, $0.id) < ($1.time, $1.id) }) {
                for (side, other) in latest.enumerated() where side != frame.side {
                    if let other, frame.time - other.time < seconds {
                        leaks.append(
                            Leak(
                                .adjacentFrames, other.id, sides[side].name, frame.id, sides[frame.side].name,
                                distance: frame.time - other.time))
                    }
                }
                latest[frame.side] = (frame.time, frame.id)
            }
        }
        return leaks
    }
}
