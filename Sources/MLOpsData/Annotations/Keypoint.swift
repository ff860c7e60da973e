/// A named point on a thing, such as the tip of a nose.
public struct Keypoint: Sendable, Hashable, Codable {
    /// Whether a keypoint can be seen.
    public enum Visibility: Int, Sendable, Hashable, Codable {
        /// Nobody marked it; its position says nothing.
        case unmarked = 0
        /// It is hidden, and marked where it must be.
        case hidden = 1
        /// It can be seen.
        case visible = 2
    }

    /// Its name; empty where a format has none.
    public var name: String
    /// Where it is.
    public var position: ImagePoint
    /// Whether it can be seen.
    public var visibility: Visibility

    /// Makes a keypoint.
    public init(_ name: String, at position: ImagePoint, visibility: Visibility = .visible) {
        self.name = name
        self.position = position
        self.visibility = visibility
    }
}
