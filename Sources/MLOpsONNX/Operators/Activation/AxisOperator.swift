internal import MLOpsCore
internal import MLOpsTensor

/// An operator on the rows of 32-bit floats along an axis. Before operator set 13 a row ran over all axes from it on.
protocol AxisOperator: Operator {
    /// The axis, and whether all axes from it on are one.
    var rows: RowAxis { get }
    init(rows: RowAxis)
    /// Computes a row; `step` lies between its elements, in and out.
    static func apply(_ x: UnsafePointer<Float>, count: Int, step: Int, into y: UnsafeMutablePointer<Float>)
}

/// Along which axis rows lie.
struct RowAxis {
    let axis: Int
    let flattens: Bool
}

extension AxisOperator {
    static var inputCount: ClosedRange<Int> { 1...1 }

    init(_ node: inout NodeReader) throws {
        let flattens = node.operatorSet < 13
        self.init(rows: RowAxis(axis: try node.int("axis") ?? (flattens ? 1 : -1), flattens: flattens))
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        guard x.elementType == .float32 else { throw MLOpsError.unsupported(x.elementType, instead: "FP32") }
        if let rank = x.shape?.count { _ = try Axes.normalized(rows.axis, rank: rank) }
        return [x.reshaped(x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let value: Value = try inputs.required(0)
        let x = try value.floats()
        let axis = try Axes.normalized(rows.axis, rank: x.shape.count)
        let extent = rows.flattens ? x.shape[axis...].reduce(1, *) : x.shape[axis]
        let inner = rows.flattens ? 1 : x.shape[(axis + 1)...].reduce(1, *)
        let result = try context.tensor(x.shape)
        guard x.count > 0 else { return [Value(floats: result)] }
        for block in 0..<x.count / (extent * inner) {
            for column in 0..<inner {
                let start = block * extent * inner + column
                Self.apply(x.pointer + start, count: extent, step: inner, into: result.pointer + start)
            }
        }
        return [Value(floats: result)]
    }
}
