internal import MLOpsCore
internal import MLOpsTensor

/// `Bernoulli`: 1 with the probability that each element says, else 0.
struct BernoulliOperator: Operator {
    static let name = "Bernoulli"
    static let operatorSets = 15...ONNXDocument.latestOperatorSet
    static let inputCount = 1...1
    let isRepeatable = false
    private let target: ElementType?
    private let seed: UInt64?

    init(_ node: inout NodeReader) throws {
        target = try node.int("dtype").map { try ElementType(onnx: $0, in: "the result") }
        seed = try node.float("seed").map { UInt64($0.bitPattern) }
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        _ = try x.elementType.real()
        let type = target ?? x.elementType
        _ = try type.castable()
        return [ValueType(type, x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        var generator = RandomDistribution.generator(seed)
        let chances = try x.reals()
        let drawn = try context.make(.float32, x.shape, as: Float.self) { target in
            for i in target.indices { target[i] = generator.uniform() < chances[i] ? 1 : 0 }
        }
        return [try drawn.converted(to: target ?? x.elementType, in: context)]
    }
}
