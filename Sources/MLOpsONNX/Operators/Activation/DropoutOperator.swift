internal import MLOpsCore

/// `Dropout` at inference: the input unchanged, and a mask of ones. A node that trains is refused.
struct DropoutOperator: Operator {
    static let name = "Dropout"
    static let inputCount = 1...3
    static let outputCount = 1...2

    init(_ node: inout NodeReader) throws {
        _ = try node.int("seed")
        if node.operatorSet < 12 { _ = try node.float("ratio") }
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        if let mode: ValueType = inputs.optional(2) {
            guard let constant = mode.constant, mode.elementType == .bool,
                constant.read(as: UInt8.self, { $0.count == 1 && $0[0] == 0 })
            else {
                throw MLOpsError(
                    .unsupported, "The node may drop out while training.",
                    help: "Export the model for inference, with training_mode left out or a constant false.")
            }
        }
        return [x.reshaped(x.shape), ValueType(.bool, x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        return [x, try context.make(.bool, x.shape, as: UInt8.self) { $0.initialize(repeating: 1) }]
    }
}
