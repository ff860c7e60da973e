internal import Foundation
internal import MLOpsCore
internal import MLOpsTensor

/// `Softmax`: eˣ / Σ eˣ along an axis. Before operator set 13 it ran over all axes from the given one on.
struct SoftmaxOperator: Operator {
    static let name = "Softmax"
    static let inputCount = 1...1
    private let axis: Int
    private let flattens: Bool

    init(_ node: inout NodeReader) throws {
        flattens = node.operatorSet < 13
        axis = try node.int("axis") ?? (flattens ? 1 : -1)
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        guard x.elementType == .float32 else { throw MLOpsError.unsupported(x.elementType, instead: "FP32") }
        if let rank = x.shape?.count { _ = try Axes.normalized(axis, rank: rank) }
        return [x.reshaped(x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let value: Value = try inputs.required(0)
        let x = try value.floats()
        let axis = try Axes.normalized(axis, rank: x.shape.count)
        let extent = flattens ? x.shape[axis...].reduce(1, *) : x.shape[axis]
        let inner = flattens ? 1 : x.shape[(axis + 1)...].reduce(1, *)
        let result = try context.tensor(x.shape)
        guard x.count > 0 else { return [Value(floats: result)] }
        for block in 0..<x.count / (extent * inner) {
            for column in 0..<inner {
                let start = block * extent * inner + column
                softmax(x.pointer + start, extent, inner, into: result.pointer + start)
            }
        }
        return [Value(floats: result)]
    }

    /// One row whose elements lie `step` apart.
    private func softmax(
        _ x: UnsafePointer<Float>, _ count: Int, _ step: Int, into y: UnsafeMutablePointer<Float>
    ) {
        var greatest = -Float.infinity
        for i in 0..<count { greatest = max(greatest, x[i * step]) }
        var sum: Float = 0
        for i in 0..<count {
            let power = exp(x[i * step] - greatest)
            y[i * step] = power
            sum += power
        }
        for i in 0..<count { y[i * step] /= sum }
    }
}
