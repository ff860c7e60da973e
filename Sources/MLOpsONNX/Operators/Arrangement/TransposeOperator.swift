internal import MLOpsCore

/// `Transpose`: the dimensions in another order; without `perm`, in the reverse one.
struct TransposeOperator: ElementMover {
    static let name = "Transpose"
    static let inputCount = 1...1
    private let order: [Int]?

    init(_ node: inout NodeReader) throws { order = try node.ints("perm") }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        _ = try x.elementType.carrier()
        return [x.reshaped(try x.shape.map { shape in try order(rank: shape.count).map { shape[$0] } })]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let order = try order(rank: x.shape.count)
        // Between the two orders of images nothing moves: the elements lie as the kernels want them already.
        if x.elementType == .float32, order == [0, 3, 1, 2], !x.isImage { return [Value(image: try x.floats())] }
        if order == [0, 2, 3, 1], x.isImage { return [Value(floats: try x.image())] }
        let strides = Arrangement.strides(of: x.shape)
        return [
            try Arrangement.copy(x, to: order.map { x.shape[$0] }, strides: order.map { strides[$0] }, in: context)
        ]
    }

    func order(rank: Int) throws -> [Int] {
        guard let order else { return (0..<rank).reversed() }
        guard order.sorted() == Array(0..<rank) else {
            throw MLOpsError(
                .invalidArgument, "'perm' is \(order), which does not order \(rank) dimensions.",
                help: "List each dimension from 0 on once.")
        }
        return order
    }
}
