/// One step of a plan.
struct PlannedStep: Sendable {
    /// What a step does.
    enum Kind: Sendable {
        /// Work of kernels on places that are known.
        case work(@Sendable (PlanMemory) throws -> PlannedWork)
        /// An operator that is run as it is; results of known shapes are then moved to their places.
        case run(any Operator, [Source], [Target])
    }

    /// Where an input comes from.
    enum Source: Sendable {
        case absent
        case constant(Value)
        case place(Placement)
        case slot(Int)
    }

    /// Where an output goes.
    enum Target: Sendable {
        case nowhere
        case place(Placement)
        case slot(Int)
    }

    var name: String
    var operatorName: String
    var fused: [String] = []
    /// The buffers that are read.
    var reads: [Int]
    /// The places that are written.
    var writes: [Placement]
    /// The slots that are read.
    var readSlots: [Int] = []
    /// Whether what is read must stay until the end of the run, for a result may be part of it.
    var keepsInputs = false
    var kind: Kind
    /// The slots that no later step reads.
    var lastSlots: [Int] = []
}
