/// The epoch whose weights a training gives back.
public enum ModelSelection: String, Sendable, Hashable, Codable {
    /// The last one.
    case last
    /// The one with the lowest loss on the validation data; the last one when there are none.
    case lowestValidationLoss
    /// The one with the highest accuracy on the validation data, and of equals the one with the lowest loss; the last
    /// one when there are none.
    case highestValidationAccuracy
}
