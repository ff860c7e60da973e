/// A picture that belongs to two classes in part.
public struct MixedImage: Sendable, Hashable {
    /// The picture.
    public var image: Image
    /// The index of the class that has ``share`` of it.
    public var label: Int
    /// The index of the class that has the rest; it can be the same.
    public var otherLabel: Int
    /// The share of the first class, 0…1.
    public var share: Double
    /// The id of the example, unique in its dataset.
    public var id: String

    /// Makes an example.
    public init(_ image: Image, labels: (Int, Int), share: Double, id: String) {
        self.image = image
        (label, otherLabel) = labels
        self.share = share
        self.id = id
    }

    /// The share of each class [classes].
    ///
    /// - Parameter classes: the number of classes; both labels are below it.
    public func probabilities(classes: Int) -> [Float] {
        precondition(
            (0..<classes).contains(label) && (0..<classes).contains(otherLabel),
            "the labels \(label) and \(otherLabel) are not below \(classes)")
        var result = [Float](repeating: 0, count: classes)
        result[label] += Float(share)
        result[otherLabel] += Float(1 - share)
        return result
    }
}
