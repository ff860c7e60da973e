internal import MLOpsCore

/// `SequenceEmpty`: a sequence without tensors.
struct SequenceEmptyOperator: Operator {
    static let name = "SequenceEmpty"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet
    static let inputCount = 0...0
    static let takesEveryForm = true
    private let elementType: ElementType

    init(_ node: inout NodeReader) throws {
        elementType = try node.int("dtype").map { try ElementType(onnx: $0, in: "the sequence") } ?? .float32
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] { [ValueType(.sequence, elementType)] }
    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] { [Value(sequence: [], of: elementType)] }
}
