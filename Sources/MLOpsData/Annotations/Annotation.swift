/// A thing in a picture, as a person or a model marked it.
public struct Annotation: Sendable, Hashable, Codable {
    /// The class of the thing; `nil` when nobody said which.
    public var label: String?
    /// Where it is.
    public var shape: AnnotationShape
    /// Named points on it, such as nose and tail; all that there is of it when ``shape`` is `keypoints`.
    public var keypoints: [Keypoint]
    /// What else is said of it, such as `occluded` = `true`.
    public var attributes: [String: String]
    /// Who marked it: a name, a number or an address; of a model, its version.
    public var annotator: String?
    /// How sure a model is of it, mostly in 0…1; `nil` for what a person marked.
    public var score: Double?
    /// Whether it stands for many things that were not marked one by one.
    public var isCrowd: Bool

    /// Makes an annotation.
    public init(
        _ label: String?, _ shape: AnnotationShape, keypoints: [Keypoint] = [], attributes: [String: String] = [:],
        annotator: String? = nil, score: Double? = nil, isCrowd: Bool = false
    ) {
        self.label = label
        self.shape = shape
        self.keypoints = keypoints
        self.attributes = attributes
        self.annotator = annotator
        self.score = score
        self.isCrowd = isCrowd
    }

    /// The upright box about the shape, or about the keypoints when those are all; `nil` when it has no extent.
    public var bounds: BoundingBox? {
        switch shape {
        case .picture: nil
        case .box(let box): box
        case .rotatedBox(let box): BoundingBox(around: box.corners)
        case .polygon(let outlines): BoundingBox(around: outlines.joined())
        case .mask(let mask): mask.bounds
        case .keypoints: BoundingBox(around: keypoints.lazy.filter { $0.visibility != .unmarked }.map(\.position))
        }
    }
}
