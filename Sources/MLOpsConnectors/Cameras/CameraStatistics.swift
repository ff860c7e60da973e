internal import Synchronization

/// What has come from a camera so far.
public struct CameraStatistics: Sendable, Hashable, Codable {
    /// Whole frames that came.
    public var received = 0
    /// Frames handed on.
    public var delivered = 0
    /// Frames that came sooner than wanted, or were overtaken by a newer one before they were asked for.
    public var dropped = 0
    /// Streams given up because of a frame that was too large or malformed, or that ended in the middle of one.
    public var rejected = 0
    /// Connections opened after the first.
    public var reconnects = 0

    /// Counts of nothing.
    public init() {}
}

/// The counts of one camera, shared by all that read it.
final class CameraCounter: Sendable {
    private let counts = Mutex(CameraStatistics())

    var current: CameraStatistics { counts.withLock { $0 } }

    func update(_ change: (inout CameraStatistics) -> Void) { counts.withLock { change(&$0) } }
}
