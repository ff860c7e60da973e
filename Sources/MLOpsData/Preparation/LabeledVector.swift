/// Features with their class: the example of trainers on tables.
public struct LabeledVector: Sendable, Hashable, Codable {
    /// The features, as many for each example.
    public var features: [Double]
    /// The index of the class.
    public var label: Int
    /// The id of the example, unique in its dataset.
    public var id: String

    /// Makes an example.
    public init(_ features: [Double], label: Int, id: String) {
        self.features = features
        self.label = label
        self.id = id
    }
}
