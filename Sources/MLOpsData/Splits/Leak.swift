/// Two records on different sides of a split that share what they must not.
public struct Leak: Sendable, Hashable, Codable {
    /// What is shared.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// The same bytes.
        case sameBytes
        /// The same group.
        case sameGroup
        /// Pictures that look alike.
        case nearDuplicate
        /// Frames of one camera that follow each other closely.
        case adjacentFrames
    }

    /// What is shared.
    public var kind: Kind
    /// The id of the one record.
    public var first: String
    /// The side it is on.
    public var firstSide: String
    /// The id of the other record.
    public var second: String
    /// The side it is on.
    public var secondSide: String
    /// The bits in which both hashes of near duplicates differ together, or the seconds between frames; else 0.
    public var distance: Double

    init(
        _ kind: Kind, _ first: String, _ firstSide: String, _ second: String, _ secondSide: String,
        distance: Double = 0
    ) {
        self.kind = kind
        self.first = first
        self.firstSide = firstSide
        self.second = second
        self.secondSide = secondSide
        self.distance = distance
    }
}

extension Leak: CustomStringConvertible {
    /// One line for people.
    public var description: String {
        let pair = "'\(first)' and '\(second)'"
        return switch kind {
        case .sameBytes: "\(pair) have the same bytes"
        case .sameGroup: "\(pair) are of one group"
        case .nearDuplicate: "\(pair) look alike (\(Int(distance)) of 128 bits differ)"
        case .adjacentFrames: "\(pair) are frames \(distance) s apart"
        }
    }
}
