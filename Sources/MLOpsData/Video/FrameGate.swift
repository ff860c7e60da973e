internal import MLOpsCore

/// Passes on the frames of a camera that are worth keeping: not too many, with something moving, none twice.
///
/// Each condition can be left out; they are asked in the order of the properties. A frame that can't be decoded is
/// passed on, so that ingestion rejects it with the reason.
public struct FrameGate: Sendable, Hashable {
    /// The least seconds between two kept frames, by their attribute `capturedAt`; frames without one are kept.
    public var minimumInterval: Double?
    /// How much must differ from the frame before, kept or not: the mean absolute difference of the gray values of both
    /// at 32 × 32, in 0…1. 0.02 notices a person in a tenth of the picture, and passes over noise.
    public var minimumMotion: Double?
    /// The least distance, in bits of 64, of a frame's ``DifferenceHash`` to that of the last kept one.
    public var minimumDistance: Int?

    /// Makes a gate.
    public init(minimumInterval: Double? = nil, minimumMotion: Double? = nil, minimumDistance: Int? = nil) {
        self.minimumInterval = minimumInterval
        self.minimumMotion = minimumMotion
        self.minimumDistance = minimumDistance
    }

    /// How many frames a gate has seen, and what became of them.
    public struct Statistics: Sendable, Hashable, Codable {
        /// Frames passed on.
        public var kept = 0
        /// Frames that came too soon after the last kept one.
        public var tooSoon = 0
        /// Frames in which nothing moved.
        public var still = 0
        /// Frames that look like the last kept one.
        public var duplicate = 0

        /// Counts of nothing.
        public init() {}

        /// All frames that came.
        public var seen: Int { kept + tooSoon + still + duplicate }
    }
}
