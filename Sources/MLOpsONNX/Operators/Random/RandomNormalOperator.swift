internal import MLOpsCore

/// `RandomNormal`: numbers of a normal distribution.
struct RandomNormalOperator: Operator {
    static let name = "RandomNormal"
    static let inputCount = 0...0
    let isRepeatable = false
    private let distribution: RandomDistribution
    private let shape: [Int]

    init(_ node: inout NodeReader) throws {
        distribution = try RandomDistribution(&node, .normal)
        shape = try node.ints("shape") ?? []
        guard shape.allSatisfy({ $0 >= 0 }) else {
            throw MLOpsError(.invalidArgument, "'shape' is \(shape).", help: "Give extents of at least 0.")
        }
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        [ValueType(distribution.elementType ?? .float32, shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        [try distribution.tensor(shape, distribution.elementType ?? .float32, in: context)]
    }
}
