internal import MLOpsCore

/// `SpaceToDepth`: square blocks of an image gathered in the channels of a smaller one.
struct SpaceToDepthOperator: ElementMover {
    static let name = "SpaceToDepth"
    static let inputCount = 1...1
    private let blocks: SpaceBlocks

    init(_ node: inout NodeReader) throws { blocks = try SpaceBlocks(&node, modeSince: 28) }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        _ = try x.elementType.carrier()
        return [x.reshaped(try x.shape.map(blocks.gathered))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let result = try blocks.gathered(x.shape)
        let (size, plane, columns) = (blocks.size, x.shape[2] * x.shape[3], x.shape[3])
        // The result as [N, block row, block column, C, H, W], or with the channels before the blocks.
        let (rows, across) = ([size, size], [columns, 1])
        let (channels, channel) = ([x.shape[1]], [plane])
        let isOuter = blocks.order == .DCR
        let moved = try Arrangement.copy(
            x, to: [x.shape[0]] + (isOuter ? rows + channels : channels + rows) + result[2...],
            strides: [x.shape[1] * plane] + (isOuter ? across + channel : channel + across) + [size * columns, size],
            in: context)
        return [moved.reshaped(result)]
    }
}
