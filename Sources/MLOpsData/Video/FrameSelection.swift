internal import Foundation
internal import MLOpsCore

/// A ``FrameGate`` at work on one reading of a camera: what it has seen last.
struct FrameSelection {
    private static let side = 32

    private let gate: FrameGate
    private let decoder = ImageDecoder()
    private var lastKept: Date?
    private var lastHash: DifferenceHash?
    private var before: [UInt8]?

    init(_ gate: FrameGate) { self.gate = gate }

    /// Which count a frame belongs to.
    mutating func judge(_ frame: RawRecord) -> WritableKeyPath<FrameGate.Statistics, Int> {
        let time = frame.attributes["capturedAt"].flatMap {
            try? Date($0, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        }
        if let interval = gate.minimumInterval, let time, let lastKept, time.timeIntervalSince(lastKept) < interval {
            return \.tooSoon
        }
        guard gate.minimumMotion != nil || gate.minimumDistance != nil,
            let image = try? decoder.decode(frame.bytes, atLeast: (width: Self.side, height: Self.side))
        else {
            lastKept = time
            return \.kept
        }
        if let motion = gate.minimumMotion, let gray = try? image.resized(width: Self.side, height: Self.side).gray() {
            defer { before = gray }
            if let before, Self.difference(gray, before) < motion { return \.still }
        }
        if let distance = gate.minimumDistance {
            let hash = DifferenceHash(of: image)
            if let lastHash, hash.distance(to: lastHash) < distance { return \.duplicate }
            lastHash = hash
        }
        lastKept = time
        return \.kept
    }

    /// The mean absolute difference of gray values, in 0…1.
    private static func difference(_ a: [UInt8], _ b: [UInt8]) -> Double {
        Double(zip(a, b).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }) / Double(255 * max(1, a.count))
    }
}
