internal import MLOpsCore

/// `Upsample`: a larger image, from the nearest pixels or by linear interpolation; what `Resize` was before.
struct UpsampleOperator: Operator {
    static let name = "Upsample"
    static let operatorSets = 9...9
    static let inputCount = 2...2
    private let resize: ResizeOperator

    init(_ node: inout NodeReader) throws { resize = try ResizeOperator(&node) }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] { try resize.infer(inputs) }
    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] { try resize.run(inputs, in: context) }
}
