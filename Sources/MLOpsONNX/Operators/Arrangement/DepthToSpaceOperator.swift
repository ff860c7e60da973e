internal import MLOpsCore

/// `DepthToSpace`: channels spread out over square blocks of a larger image.
struct DepthToSpaceOperator: ElementMover {
    static let name = "DepthToSpace"
    static let inputCount = 1...1
    private let blocks: SpaceBlocks

    init(_ node: inout NodeReader) throws { blocks = try SpaceBlocks(&node, modeSince: 11) }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        _ = try x.elementType.carrier()
        return [x.reshaped(try x.shape.map(blocks.spread))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let result = try blocks.spread(x.shape)
        let (size, plane, columns) = (blocks.size, x.shape[2] * x.shape[3], x.shape[3])
        // The result as [N, C, H, size, W, size].
        let (channel, block) = blocks.order == .DCR ? (plane, result[1] * plane) : (size * size * plane, plane)
        let moved = try Arrangement.copy(
            x, to: [result[0], result[1], x.shape[2], size, columns, size],
            strides: [x.shape[1] * plane, channel, columns, size * block, 1, block], in: context)
        return [moved.reshaped(result)]
    }
}
