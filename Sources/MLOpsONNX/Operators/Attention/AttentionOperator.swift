internal import Foundation
internal import MLOpsCore
internal import MLOpsTensor

/// `Attention`: softmax(Q Kᵀ · scale + bias) V for each head, with a cache of earlier keys and values; several heads of
/// queries may share one of keys. A query that may see no key gives zeros.
///
/// Source: A. Vaswani et al., "Attention is all you need", 2017.
struct AttentionOperator: Operator {
    static let name = "Attention"
    static let operatorSets = 23...ONNXDocument.latestOperatorSet
    static let inputCount = 3...7
    static let outputCount = 1...4

    /// What the fourth output shows.
    private enum ScoreOutput: Int { case products, capped, biased, probabilities }

    private let heads: (queries: Int?, keys: Int?)
    private let scale: Float?
    private let softcap: Float
    private let scoreOutput: ScoreOutput
    private let rule: AttentionRule

    init(_ node: inout NodeReader) throws {
        heads = (try node.int("q_num_heads"), try node.int("kv_num_heads"))
        scale = try node.float("scale")
        softcap = try node.float("softcap") ?? 0
        // Scores are 32-bit floats, or wider where they are summed.
        _ = try node.int("softmax_precision")
        let mode = try node.int("qk_matmul_output_mode") ?? 0
        guard let output = ScoreOutput(rawValue: mode) else {
            throw MLOpsError(
                .invalidArgument, "The attribute 'qk_matmul_output_mode' is \(mode).", help: "Give 0, 1, 2 or 3.")
        }
        scoreOutput = output
        rule = try AttentionRule(&node)
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        for (index, input) in inputs.enumerated() {
            guard let input else { continue }
            switch index {
            case 3 where input.elementType == .bool: break
            case 6: try input.expectIndices()
            default:
                guard input.elementType == .float32 else {
                    throw MLOpsError.unsupported(input.elementType, instead: "FP32")
                }
            }
        }
        return [ValueType](repeating: ValueType(.float32, nil), count: 4)
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let isFlat = (try inputs.required(0) as Value).shape.count == 3
        let q = try AttentionHeads(inputs.required(0), heads: heads.queries)
        var k = try AttentionHeads(inputs.required(1), heads: heads.keys)
        var v = try AttentionHeads(inputs.required(2), heads: heads.keys)
        let past = try (inputs.optional(4) as Value?).map { try AttentionHeads($0, heads: nil) }
        if let past { k = try k.appended(to: past, in: context) }
        if let earlier: Value = inputs.optional(5) {
            v = try v.appended(to: AttentionHeads(earlier, heads: nil), in: context)
        }
        guard q.batch == k.batch, k.batch == v.batch, k.heads == v.heads, k.length == v.length, q.size == k.size,
            k.heads > 0, q.heads % k.heads == 0
        else {
            throw MLOpsError(
                .invalidArgument, "Queries \(q.shape), keys \(k.shape) and values \(v.shape) don't fit.",
                help: "Give one batch, keys as long as values, queries as wide as keys, and heads that divide.")
        }
        let bias = try rule.bias(
            mask: inputs.optional(3), lengths: (inputs.optional(6) as Value?)?.integers(), past: past?.length ?? 0,
            shape: [q.batch, q.heads, q.length, k.length])
        let scores = try context.tensor([q.batch, q.heads, q.length, k.length])
        let y = try context.tensor(
            isFlat ? [q.batch, q.length, q.heads * v.size] : [q.batch, q.heads, q.length, v.size])
        let factor = (scale ?? 1 / Float(q.size).squareRoot()).squareRoot()
        context.compute.parallel(tasks: q.batch * q.heads) { task in
            let (batch, head) = (task / q.heads, task % q.heads)
            let shared = head / (q.heads / k.heads)
            var row = [Float](repeating: 0, count: k.length)
            for i in 0..<q.length {
                let place = (task * q.length + i) * k.length
                let target =
                    y.pointer
                    + (isFlat
                        ? (batch * q.length + i) * q.heads * v.size + head * v.size : (task * q.length + i) * v.size)
                attend(
                    q.row(batch, head, i), k.head(batch, shared), v.head(batch, shared), factor,
                    bias: { bias(batch, head, i, $0) }, &row, (q.size, v.size), shown: scores.pointer + place,
                    into: target)
            }
        }
        return [Value(floats: y), Value(floats: k.elements), Value(floats: v.elements), Value(floats: scores)]
    }

    /// One query.
    private func attend(
        _ q: UnsafePointer<Float>, _ k: UnsafePointer<Float>, _ v: UnsafePointer<Float>, _ factor: Float,
        bias: (Int) -> Float, _ row: inout [Float], _ size: (key: Int, value: Int),
        shown: UnsafeMutablePointer<Float>, into y: UnsafeMutablePointer<Float>
    ) {
        var (greatest, isMasked) = (-Float.infinity, true)
        for j in row.indices {
            var product: Float = 0
            for c in 0..<size.key { product += q[c] * factor * (k[j * size.key + c] * factor) }
            if scoreOutput == .products { shown[j] = product }
            if softcap > 0 { product = softcap * tanh(product / softcap) }
            if scoreOutput == .capped { shown[j] = product }
            let own = bias(j)
            if own > -.infinity { isMasked = false }
            row[j] = product + own
            if scoreOutput == .biased { shown[j] = row[j] }
            greatest = max(greatest, row[j])
        }
        var sum = 0.0
        for j in row.indices {
            row[j] = isMasked ? 0 : exp(row[j] - greatest)
            sum += Double(row[j])
        }
        for c in 0..<size.value { y[c] = 0 }
        for j in row.indices {
            if !isMasked { row[j] = Float(Double(row[j]) / sum) }
            if scoreOutput == .probabilities { shown[j] = row[j] }
            if row[j] != 0 { for c in 0..<size.value { y[c] += row[j] * v[j * size.value + c] } }
        }
    }
}
