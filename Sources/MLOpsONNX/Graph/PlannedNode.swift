internal import MLOpsCore
internal import MLOpsTensor

/// One node made ready: its operator with the attributes read, and what is known of its outputs.
struct PlannedNode {
    /// The operator.
    let op: any Operator
    /// What is known of the outputs; with their values when these are the same in every run.
    private(set) var results: [ValueType]
    /// Whether all outputs are constants, computed once and for all.
    private(set) var isConstant = false

    /// Constants with more elements than this are made in each run, not once at the start.
    static let foldingLimit = 1 << 24

    /// Reads a node, given what is known of the values before it; `nil` when nothing is known of an input, as after a
    /// node that could not be read.
    ///
    /// - Parameter keepsQuantized: whether constants stay quantized, for passes to find.
    /// - Throws: `unsupported` for an operator that can't be run, `invalidArgument` for one that breaks its rules.
    init?(
        _ node: ModelGraph.Node, _ sets: OperatorSets, types: [String: ValueType], keepsQuantized: Bool = false,
        in context: RunContext
    ) throws {
        guard var type = OperatorTable.operators[node.op] else {
            throw MLOpsError(.unsupported, "it is not known", help: "See ONNXOperators.md for those that are.")
        }
        guard sets.contain(type) else {
            throw MLOpsError(
                .unsupported, "its definition in operator set \(sets.standard) is not the one of \(type.operatorSets)",
                help: "Export the model with operator set 17.")
        }
        guard type.inputCount.contains(node.inputs.count), type.outputCount.contains(node.outputs.count) else {
            throw MLOpsError(
                .invalidArgument,
                "it has \(node.inputs.count) inputs and \(node.outputs.count) outputs, "
                    + "not \(type.inputCount) and \(type.outputCount)", help: "See the ONNX standard.")
        }
        let inputs = node.inputs.map { types[$0] }
        if let mover = type as? any ElementMover.Type, inputs.contains(where: { $0?.elementType == .bytes }) {
            type = mover.forStrings
        }
        var reader = NodeReader(node, sets)
        let read = try type.init(&reader)
        try reader.finish()
        guard zip(node.inputs, inputs).allSatisfy({ $0.isEmpty || $1 != nil }) else { return nil }
        if let form = inputs.lazy.compactMap({ $0?.form }).first(where: { $0 != .tensor }), !type.takesEveryForm {
            throw MLOpsError(
                .invalidArgument, "an input is of the form \(form.rawValue), not a tensor", help: "Give a tensor.")
        }
        try self.init(
            read.planned(for: inputs, in: context), inputs, node.outputs,
            foldingUpTo: keepsQuantized && read is DequantizeLinearOperator ? -1 : Self.foldingLimit, in: context)
    }

    /// What is known of the outputs of an operator; their values, up to a number of elements, when all inputs are
    /// constants.
    init(
        _ op: any Operator, _ inputs: [ValueType?], _ outputs: [String], foldingUpTo limit: Int, in context: RunContext
    ) throws {
        self.op = op
        results = try op.infer(inputs)
        var isSmall = true
        for result in results {
            let shape = (result.shape ?? []).map { max($0, 0) }
            let count = try context.limits.elementCount(of: shape, in: "a result")
            isSmall = isSmall && result.shape?.contains(-1) == false && result.form == .tensor && count <= limit
        }
        isConstant = zip(outputs, results).allSatisfy { $0.isEmpty || $1.constant != nil }
        guard !isConstant, isSmall, op.isRepeatable, inputs.allSatisfy({ $0 == nil || $0?.constant != nil }) else {
            return
        }
        results = try op.run(inputs.map { try $0?.constant?.loaded() }, in: context).map { ValueType($0) }
        isConstant = true
    }
}
