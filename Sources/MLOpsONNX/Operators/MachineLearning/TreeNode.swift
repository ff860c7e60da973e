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

/// A node as a model file states it, before it is made ready to run.
struct TreeBranch {
    /// The condition under which `yes` follows. Source: the ONNX standard, ai.onnx.ml, `nodes_modes`.
    enum Mode: String, CaseIterable {
        case lessOrEqual = "BRANCH_LEQ"
        case less = "BRANCH_LT"
        case greaterOrEqual = "BRANCH_GTE"
        case greater = "BRANCH_GT"
        case equal = "BRANCH_EQ"
        case notEqual = "BRANCH_NEQ"
        case member = "BRANCH_MEMBER"
        case leaf = "LEAF"

        /// The condition of a name; what nearly all nodes are is found first, for files have many.
        init?(named name: String) {
            if name == "LEAF" {
                self = .leaf
            } else if name == "BRANCH_LEQ" {
                self = .lessOrEqual
            } else {
                self.init(rawValue: name)
            }
        }
    }

    var mode: Mode
    var feature = 0
    var value: Float = 0
    /// What `member` compares with.
    var members: [Float] = []
    var yes = 0
    var no = 0
    var missingIsYes = false
    /// What a leaf adds to which target.
    var weights: [(target: Int, weight: Float)] = []
}
