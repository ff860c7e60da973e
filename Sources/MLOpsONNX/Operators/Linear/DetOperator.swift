internal import MLOpsCore

/// `Det`: the determinant of each square matrix in the last two axes, by elimination with the greatest pivot.
struct DetOperator: Operator {
    static let name = "Det"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet
    static let inputCount = 1...1

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        _ = try x.elementType.real()
        if let shape = x.shape { try check(shape) }
        return [x.reshaped(x.shape.map { Array($0.dropLast(2)) })]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        try check(x.shape)
        let n = x.shape[x.shape.count - 1]
        let elements = try x.reals()
        let shape = Array(x.shape.dropLast(2))
        let result = try context.make(.float64, shape, as: Double.self) { target in
            for i in target.indices { target[i] = Self.determinant(Array(elements[i * n * n..<(i + 1) * n * n]), n) }
        }
        return [try result.converted(to: x.elementType, in: context)]
    }

    private static func determinant(_ matrix: [Double], _ n: Int) -> Double {
        var a = matrix
        var result = 1.0
        for column in 0..<n {
            let pivot = (column..<n).reduce(column) { abs(a[$1 * n + column]) > abs(a[$0 * n + column]) ? $1 : $0 }
            if a[pivot * n + column] == 0 { return 0 }
            if pivot != column {
                for j in 0..<n { a.swapAt(pivot * n + j, column * n + j) }
                result = -result
            }
            result *= a[column * n + column]
            for row in (column + 1)..<max(n, column + 1) {
                let factor = a[row * n + column] / a[column * n + column]
                for j in column..<n { a[row * n + j] -= factor * a[column * n + j] }
            }
        }
        return result
    }

    private func check(_ shape: [Int]) throws {
        guard shape.count >= 2, shape[shape.count - 1] == shape[shape.count - 2] || shape.contains(-1) else {
            throw MLOpsError(.invalidArgument, "Matrices \(shape) are not square.", help: "Give […, N, N].")
        }
    }
}
