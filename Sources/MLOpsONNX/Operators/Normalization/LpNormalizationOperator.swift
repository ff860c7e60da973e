internal import MLOpsCore

/// `LpNormalization`: the elements along an axis divided by the sum of their magnitudes or by their length; 0 where that
/// is 0.
struct LpNormalizationOperator: Operator {
    static let name = "LpNormalization"
    static let inputCount = 1...1
    private let axis: Int
    private let isSquared: Bool

    init(_ node: inout NodeReader) throws {
        axis = try node.int("axis") ?? -1
        let p = try node.int("p") ?? 2
        guard p == 1 || p == 2 else {
            throw MLOpsError(.invalidArgument, "'p' is \(p).", help: "Give 1 or 2.")
        }
        isSquared = p == 2
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        _ = try x.elementType.real()
        if let shape = x.shape { _ = try Axes.normalized(axis, rank: shape.count) }
        return [x.reshaped(x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        return [try normalize(x.elementType.real(), x, in: context)]
    }

    private func normalize<Element: CastableElement>(
        _ type: Element.Type, _ x: Value, in context: RunContext
    ) throws -> Value {
        let axis = try Axes.normalized(axis, rank: x.shape.count)
        let (extent, inner) = (x.shape[axis], x.shape[(axis + 1)...].reduce(1, *))
        return try context.make(x.elementType, x.shape, as: type) { target in
            x.read(as: type) { source in
                guard !source.isEmpty else { return }
                for row in 0..<source.count / extent {
                    let start = row / inner * extent * inner + row % inner
                    var sum = 0.0
                    for i in 0..<extent {
                        let element = source[start + i * inner].real
                        sum += isSquared ? element * element : abs(element)
                    }
                    let norm = isSquared ? sum.squareRoot() : sum
                    for i in 0..<extent {
                        let place = start + i * inner
                        target[place] = Element(rounding: norm == 0 ? 0 : source[place].real / norm)
                    }
                }
            }
        }
    }
}
