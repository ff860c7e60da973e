/// What a listing says of an object.
public struct S3Object: Sendable, Hashable {
    /// The key.
    public var key: String
    /// The number of bytes.
    public var size: Int
    /// The entity tag, with its quotes: another one for other content.
    public var tag: String

    /// Makes an object.
    public init(key: String, size: Int, tag: String) {
        self.key = key
        self.size = size
        self.tag = tag
    }
}
