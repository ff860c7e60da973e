internal import MLOpsCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Splits frames so that those of one camera that follow each other closely are never on two sides.
///
/// Each camera's time is cut into windows of one length, and a keyed hash of camera and window gives the window's side.
/// Where neighbor windows are on different sides, half of the gap before the border and half of it after are in no
/// part. A frame's side depends on its own camera and time alone: adding frames moves none.
public struct CameraSplit: SplitRule, Hashable, Codable {
    /// The key of the hash.
    public var seed: UInt64
    /// The expected share of train, 0…1.
    public var train: Double
    /// The expected share of validation, 0…1.
    public var validation: Double
    /// The length of a window, in seconds; at least the gap.
    public var window: Double
    /// Frames of one camera on different sides are at least this far apart, in seconds.
    public var gap: Double
    /// The attribute that names a frame's camera; frames without it are of one camera.
    public var camera: String
    /// The attribute that holds a frame's time, in ISO 8601 or seconds since 1970.
    public var time: String

    /// Makes a split; the share of test is what is left.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for shares below 0 or above 1 in all, a window of 0 or shorter
    ///   than the gap.
    public init(
        seed: UInt64, train: Double = 0.8, validation: Double = 0, window: Double = 3600, gap: Double = 60,
        camera: String = "camera", time: String = "capturedAt"
    ) throws {
        _ = try SplitShares.checked(train: train, validation: validation)
        guard window > 0, window.isFinite, gap >= 0, gap <= window else {
            throw MLOpsError(
                .invalidArgument, "Windows of \(window) s can't have gaps of \(gap) s.",
                help: "Give a window above 0 s that is at least as long as the gap.")
        }
        self.seed = seed
        self.train = train
        self.validation = validation
        self.window = window
        self.gap = gap
        self.camera = camera
        self.time = time
    }

    /// Refuses equal bytes on two sides, and frames of one camera that are nearer than the gap.
    public var gate: LeakageGate {
        LeakageGate(adjacency: gap > 0 ? FrameAdjacency(within: gap, camera: camera, time: time) : nil)
    }

    /// The expected share of each part.
    public var shares: [SplitPart: Double] {
        [.train: train, .validation: validation, .test: 1 - train - validation]
    }

    /// The part of each entry; throws `invalidArgument` for one without a time.
    public func parts(of entries: [DatasetEntry]) throws -> [SplitPart?] {
        var known: [String: SplitPart] = [:]
        return try entries.map { entry in
            let name = entry.attributes[camera] ?? ""
            func part(_ index: Double) -> SplitPart {
                let key = "window:\(index):camera:\(name)"
                if let part = known[key] { return part }
                let part = SplitShares.part(of: key, seed: seed, train: train, validation: validation)
                known[key] = part
                return part
            }
            let seconds = try entry.time(time)
            let index = floor(seconds / window)
            let since = seconds - index * window
            let own = part(index)
            // Half of the gap on either side: a border belongs to the window after it.
            if since < gap / 2, part(index - 1) != own { return nil }
            if window - since <= gap / 2, part(index + 1) != own { return nil }
            return own
        }
    }
}
