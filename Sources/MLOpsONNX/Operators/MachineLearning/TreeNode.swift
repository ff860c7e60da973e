/// A node of a decision tree as it is run: 16 bytes, four to a cache line.
///
/// A leaf has itself as both of its next nodes, so that rows may be led down a tree in step, however deep they end.
struct TreeNode: Sendable {
    /// What the feature is compared with; for a leaf, its weight when it has a single one.
    var threshold: Float
    /// The feature.
    var feature: Int32
    /// The node that follows when the feature is not above the threshold.
    var yes: Int32
    /// The node that follows otherwise.
    var no: Int32
}

/// What makes a node another than a plain "not above": bits.
struct TreeRule: OptionSet, Sendable {
    let rawValue: UInt8
    /// The condition is that the feature is equal to the threshold.
    static let isEqual = TreeRule(rawValue: 1)
    /// A feature that is NaN goes the way of `yes`.
    static let missingIsYes = TreeRule(rawValue: 2)
}
