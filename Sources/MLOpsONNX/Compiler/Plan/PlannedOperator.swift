internal import MLOpsCore
internal import MLOpsTensor

/// An operator that can be told where its values lie before it runs: then it allocates nothing, and its results take
/// the place of what nobody needs any more.
///
/// Promises of a conformer: `plan` asks for every input in the order that its kernel reads, gives every output that is
/// asked for a place, and adds the work that fills it; or returns false and does none of that. The numbers are those of
/// `run` but for rounding.
protocol PlannedOperator: Operator {
    /// Adds the work on inputs of known shapes to a plan; false when the operator has to be run as it is.
    func plan(_ node: inout NodePlanner) throws -> Bool
}

/// An operator that lays constants out as kernels read them, once for all runs.
protocol PackingOperator: Operator {
    /// The most bytes that the constants take in that form.
    var packedByteCount: Int { get }
    /// Lays constants out as far as what is known of the inputs tells how, and loads those that are still in their file.
    func pack(for inputs: [ValueType?], in context: RunContext) throws
}

/// What a planned step does when a plan runs; made once for each place that a plan is given in memory.
typealias PlannedWork = (Compute) throws -> Void
