internal import MLOpsCore
internal import MLOpsTensor

/// `LpPool`: the p-norm of what is under each window.
struct LpPoolOperator: PoolingOperator {
    static let name = "LpPool"
    let window: Window
    private let norm: PowerNorm

    init(_ node: inout NodeReader) throws {
        window = try Window(&node, hasDilations: node.operatorSet >= 18, hasCeilMode: node.operatorSet >= 18)
        norm = try PowerNorm(&node)
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        guard x.elementType == .float32 else { throw MLOpsError.unsupported(x.elementType, instead: "FP32") }
        return [x.reshaped(try outputShape(for: x))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x = try (inputs.required(0) as Value).floats()
        let axes = try axes(for: x.shape)
        let walk = WindowWalk(axes, over: Array(x.shape[2...]))
        let windows = walk.windowCount
        let plane = x.shape[2...].reduce(1, *)
        let result = try context.tensor(x.shape[..<2] + axes.map(\.output))
        for position in 0..<result.count {
            let start = x.pointer + position / windows * plane
            var sum: Float = 0
            _ = walk.forEachElement(ofWindow: position % windows) { sum += norm.term(start[$0]) }
            result.pointer[position] = norm.root(sum)
        }
        return [Value(floats: result)]
    }
}
