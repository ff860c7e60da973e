internal import MLOpsCore
internal import MLOpsTensor

/// `NonMaxSuppression`: the boxes with the best scores, without those that overlap one of them too much, as rows of
/// batch, class and box.
struct NonMaxSuppressionOperator: Operator {
    static let name = "NonMaxSuppression"
    static let operatorSets = 10...ONNXDocument.latestOperatorSet
    static let inputCount = 2...5
    private let isCentered: Bool

    init(_ node: inout NodeReader) throws { isCentered = try node.flag("center_point_box", default: false) }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        for index in [0, 1, 3, 4] {
            guard let type = (inputs.optional(index) as ValueType?)?.elementType else { continue }
            guard type == .float32 else { throw MLOpsError.unsupported(type, instead: "FP32") }
        }
        try (inputs.optional(2) as ValueType?)?.expectIndices()
        return [ValueType(.int64, [-1, 3])]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let boxes = try (inputs.required(0) as Value).floats()
        let scores = try (inputs.required(1) as Value).floats()
        let most = try (inputs.optional(2) as Value?)?.integer("The number of boxes") ?? 0
        let overlap = try (inputs.optional(3) as Value?)?.reals().first ?? 0
        let least = try (inputs.optional(4) as Value?)?.reals().first.map { Float($0) }
        guard boxes.shape.count == 3, scores.shape.count == 3, boxes.shape[2] == 4, scores.shape[0] == boxes.shape[0],
            scores.shape[2] == boxes.shape[1]
        else {
            throw MLOpsError(
                .invalidArgument, "Boxes \(boxes.shape) and scores \(scores.shape) do not fit.",
                help: "Give boxes [N, B, 4] and scores [N, classes, B].")
        }
        let (classes, count) = (scores.shape[1], scores.shape[2])
        var chosen: [Int] = []
        for batch in 0..<scores.shape[0] {
            let areas = (0..<count).map { Box(boxes.pointer + (batch * count + $0) * 4, isCentered) }
            for label in 0..<classes {
                let row = scores.pointer + (batch * classes + label) * count
                let candidates = (0..<count).filter { row[$0] > (least ?? -.infinity) }
                    .sorted { row[$0] > row[$1] || (row[$0] == row[$1] && $0 < $1) }
                var kept: [Int] = []
                for box in candidates {
                    if kept.count >= most { break }
                    if kept.allSatisfy({ areas[$0].overlap(areas[box]) <= Float(overlap) }) { kept.append(box) }
                }
                chosen += kept.flatMap { [batch, label, $0] }
            }
        }
        return [try context.integers(chosen).reshaped([chosen.count / 3, 3])]
    }

    private struct Box {
        var top, left, bottom, right: Float

        init(_ p: UnsafePointer<Float>, _ isCentered: Bool) {
            if isCentered {
                (left, right) = (p[0] - p[2] / 2, p[0] + p[2] / 2)
                (top, bottom) = (p[1] - p[3] / 2, p[1] + p[3] / 2)
            } else {
                // Any two opposite corners.
                (top, bottom) = (min(p[0], p[2]), max(p[0], p[2]))
                (left, right) = (min(p[1], p[3]), max(p[1], p[3]))
            }
        }

        var area: Float { (bottom - top) * (right - left) }

        /// The part of their union that both have.
        func overlap(_ other: Box) -> Float {
            let height = min(bottom, other.bottom) - max(top, other.top)
            let width = min(right, other.right) - max(left, other.left)
            guard height > 0, width > 0, area > 0, other.area > 0 else { return 0 }
            return height * width / (area + other.area - height * width)
        }
    }
}
