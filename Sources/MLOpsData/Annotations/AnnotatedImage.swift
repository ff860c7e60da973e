/// A picture and what is marked in it.
public struct AnnotatedImage: Sendable, Hashable, Codable {
    /// The sizes of a picture, as it is shown.
    public struct Size: Sendable, Hashable, Codable {
        /// Pixels across.
        public var width: Int
        /// Pixels down.
        public var height: Int

        /// Makes a size.
        public init(width: Int, height: Int) {
            self.width = width
            self.height = height
        }
    }

    /// The picture's path or address, as the format has it; unique in its set.
    public var file: String
    /// The picture's sizes; `nil` where a format does not say.
    public var size: Size?
    /// What is marked.
    public var annotations: [Annotation]
    /// What else is said of the picture.
    public var attributes: [String: String]

    /// Makes a picture with its annotations.
    public init(
        _ file: String, size: Size?, annotations: [Annotation] = [], attributes: [String: String] = [:]
    ) {
        self.file = file
        self.size = size
        self.annotations = annotations
        self.attributes = attributes
    }
}
