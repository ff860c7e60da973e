/// Something that an annotation format may be able to hold, and that is lost by one that can't.
public enum AnnotationFeature: String, Sendable, Hashable, Codable, CaseIterable {
    /// Upright boxes. Without: their corners as an outline, or a box turned by 0°.
    case boxes
    /// Turned boxes. Without: their corners as an outline, or the upright box about them.
    case rotation
    /// Outlines. Without: the upright box about them.
    case polygons
    /// Masks of pixels. Without: the upright box about them.
    case masks
    /// Keypoints. Without: left out.
    case keypoints
    /// Several keypoints of one thing, with names. Without: each a thing of its own.
    case skeletons
    /// Several outlines of one thing, or a shape together with keypoints. Without: each a thing of its own.
    case parts
    /// Labels of whole pictures. Without: left out.
    case imageLabels
    /// Things without a class. Without: left out.
    case unlabeled
    /// What is said of a thing beside its class. Without: left out.
    case attributes
    /// What is said of a picture beside its sizes. Without: left out.
    case imageAttributes
    /// Who marked a thing. Without: left out.
    case annotators
    /// How sure a model is. Without: left out.
    case scores
    /// That a thing stands for many. Without: a thing like others.
    case crowds
    /// The order of the classes, and those that no picture shows. Without: the used ones, in the order of their bytes.
    case labelOrder
    /// What is said of a class beside its name. Without: left out.
    case labelDetails
    /// When reading: marks of a kind that ``AnnotationShape`` does not have. Without: left out.
    case otherShapes
}
