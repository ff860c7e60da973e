internal import MLOpsCore

/// `EyeLike`: a matrix of the input's shape with ones on a diagonal and zeros elsewhere.
struct EyeLikeOperator: Operator {
    static let name = "EyeLike"
    static let operatorSets = 9...ONNXDocument.latestOperatorSet
    static let inputCount = 1...1
    private let type: ElementType?
    private let diagonal: Int

    init(_ node: inout NodeReader) throws {
        type = try node.int("dtype").map { try ElementType(onnx: $0, in: "the result") }
        diagonal = try node.int("k") ?? 0
        _ = try type?.castable()
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        _ = try (type ?? x.elementType).castable()
        if let shape = x.shape { try check(shape) }
        return [ValueType(type ?? x.elementType, x.shape ?? [-1, -1])]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        try check(x.shape)
        let type = type ?? x.elementType
        return [try eye(type.castable(), type, x.shape, in: context)]
    }

    private func eye<Element: CastableElement>(
        _: Element.Type, _ type: ElementType, _ shape: [Int], in context: RunContext
    ) throws -> Value {
        let (zero, one) = (Element(rounding: 0), Element(rounding: 1))
        return try context.make(type, shape, as: Element.self) { target in
            target.initialize(repeating: zero)
            // A diagonal beyond the matrix has no element in it.
            guard diagonal > -shape[0], diagonal < shape[1] else { return }
            for row in max(0, -diagonal)..<max(min(shape[0], shape[1] - diagonal), max(0, -diagonal)) {
                target[row * shape[1] + row + diagonal] = one
            }
        }
    }

    private func check(_ shape: [Int]) throws {
        guard shape.count == 2 else {
            throw MLOpsError(.invalidArgument, "The input has the shape \(shape).", help: "Give a matrix.")
        }
    }
}
