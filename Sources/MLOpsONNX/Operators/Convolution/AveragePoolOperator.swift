internal import MLOpsCore
internal import MLOpsTensor

/// `AveragePool`: the mean under each window; padding counts as zeros only with `count_include_pad`.
struct AveragePoolOperator: PoolingOperator {
    static let name = "AveragePool"
    let window: Window
    let countsPadding: Bool

    init(_ node: inout NodeReader) throws {
        window = try Window(&node, hasDilations: node.operatorSet >= 19, hasCeilMode: node.operatorSet >= 10)
        countsPadding = try node.flag("count_include_pad", default: false)
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        guard x.elementType == .float32 else { throw MLOpsError.unsupported(x.elementType, instead: "FP32") }
        return [x.reshaped(try outputShape(for: x))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let axes = try axes(for: x.shape)
        let isPlain = axes.count == 2 && !window.roundsUp && axes.allSatisfy { $0.dilation == 1 }
        if isPlain, x.count > 0 {
            let image = try x.image()
            let result = try context.tensor([x.shape[0], axes[0].output, axes[1].output, x.shape[1]])
            context.compute.averagePool(
                image, geometry: PoolingGeometry(axes[0], axes[1]), countingPadding: countsPadding, into: result)
            return [Value(image: result)]
        }
        let source = try x.floats()
        let extents = Array(x.shape[2...])
        let plane = extents.reduce(1, *)
        let walk = WindowWalk(axes, over: extents)
        let windows = walk.windowCount
        let result = try context.tensor(x.shape[..<2] + axes.map(\.output))
        for position in 0..<result.count {
            let start = source.pointer + position / windows * plane
            var (sum, inside): (Float, Int) = (0, 0)
            let places = walk.forEachElement(ofWindow: position % windows) { place in
                sum += start[place]
                inside += 1
            }
            result.pointer[position] = sum / Float(countsPadding ? places : inside)
        }
        return [Value(floats: result)]
    }
}
