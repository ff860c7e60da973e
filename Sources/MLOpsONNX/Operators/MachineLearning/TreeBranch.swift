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
    /// What a leaf adds to which target, in the list of all trees.
    var weights = 0..<0
}

/// The nodes of trees as a model file states them.
struct TreeBranches {
    /// What a leaf adds to a target.
    struct Weight {
        var target: Int
        var weight: Float
    }

    var nodes: [TreeBranch]
    /// The weights of all leaves.
    var weights: [Weight]
}
