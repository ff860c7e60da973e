/// The shape of one example between two layers: a picture [height, width, channels], or a vector [channels].
public struct FeatureShape: Sendable, Hashable, Codable {
    /// Rows; 1 for a vector.
    public let height: Int
    /// Columns; 1 for a vector.
    public let width: Int
    /// Channels, or the length of a vector.
    public let channels: Int
    /// Whether it is a vector, which convolutions and poolings can't take.
    public let isVector: Bool

    /// The shape of a picture.
    public init(height: Int, width: Int, channels: Int) {
        self.height = height
        self.width = width
        self.channels = channels
        isVector = false
    }

    /// The shape of a vector.
    public init(vector length: Int) {
        height = 1
        width = 1
        channels = length
        isVector = true
    }

    /// The number of elements.
    public var count: Int { height * width * channels }

    /// The shape of n examples: [N, H, W, C], or [N, C].
    package func batched(_ n: Int) -> [Int] { isVector ? [n, channels] : [n, height, width, channels] }

    /// Whether a shape is that of n such examples; makes no array to compare with.
    package func isOne(of n: Int, in shape: [Int]) -> Bool {
        isVector
            ? shape.count == 2 && shape[0] == n && shape[1] == channels
            : shape.count == 4 && shape[0] == n && shape[1] == height && shape[2] == width && shape[3] == channels
    }
}
