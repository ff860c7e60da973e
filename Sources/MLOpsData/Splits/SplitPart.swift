/// Which side of a ``DatasetSplit`` an example is on.
public enum SplitPart: String, Sendable, Hashable, Codable, CaseIterable {
    /// To learn from.
    case train
    /// To choose hyperparameters and the epoch by.
    case validation
    /// To judge the chosen model by, once.
    case test
}
