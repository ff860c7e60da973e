internal import MLOpsCore
internal import MLOpsTensor

/// `Einsum`: products of the inputs' elements, summed over the axes that the result does not have. Inputs are joined one
/// after another, each time as a product of matrices.
struct EinsumOperator: Operator {
    static let name = "Einsum"
    static let operatorSets = 12...ONNXDocument.latestOperatorSet
    static let inputCount = 1...Int.max
    private let equation: EinsumEquation

    init(_ node: inout NodeReader) throws {
        equation = try EinsumEquation(node.string("equation") ?? "", inputs: node.inputCount)
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let all: [ValueType] = try inputs.indices.map { try inputs.required($0) }
        for type in all {
            try ValueType.expectOneType(type.elementType, all[0].elementType)
            guard type.elementType == .float32 || type.elementType == .float64 else {
                throw MLOpsError.unsupported(type.elementType, instead: "FP32")
            }
        }
        let shapes = all.compactMap(\.shape)
        guard shapes.count == all.count else { return [all[0].reshaped(nil)] }
        let labels = try equation.labels(shapes.map(\.count))
        let extents = try Self.extents(labels.inputs, shapes)
        return [all[0].reshaped(labels.result.map { extents[$0] ?? -1 })]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let values: [Value] = try inputs.indices.map { try inputs.required($0) }
        let labels = try equation.labels(values.map(\.shape.count))
        _ = try Self.extents(labels.inputs, values.map(\.shape))
        var terms = try zip(values, labels.inputs).map { try Term($0, $1).withoutRepeats(in: context) }
        var joined = terms.removeFirst()
        while !terms.isEmpty {
            let next = terms.removeFirst()
            let needed = Set(labels.result + terms.flatMap(\.labels))
            joined = try joined.summed(keeping: needed.union(next.labels), in: context)
                .joined(with: next.summed(keeping: needed.union(joined.labels), in: context), keeping: needed, context)
        }
        return [try joined.summed(keeping: Set(labels.result), in: context).arranged(labels.result, in: context).value]
    }

    /// The extent of each letter; 1 gives way to others for axes that are not named.
    private static func extents(_ labels: [[Character]], _ shapes: [[Int]]) throws -> [Character: Int] {
        var extents: [Character: Int] = [:]
        for (label, extent) in zip(labels.joined(), shapes.joined()) {
            let known = extents[label] ?? extent
            guard known == extent || known == -1 || extent == -1 || known == 1 || extent == 1 else {
                throw MLOpsError(
                    .invalidArgument, "The axes '\(label)' have the extents \(known) and \(extent).",
                    help: "Give axes of one name one extent.")
            }
            extents[label] = known == 1 || known == -1 ? extent : known
        }
        return extents
    }

    /// A tensor with a letter for each axis.
    private struct Term {
        var value: Value
        var labels: [Character]

        init(_ value: Value, _ labels: [Character]) { (self.value, self.labels) = (value, labels) }

        /// Of axes with the same letter, the diagonal.
        func withoutRepeats(in context: RunContext) throws -> Term {
            let strides = Arrangement.strides(of: value.shape)
            var (kept, steps, shape): ([Character], [Int], [Int]) = ([], [], [])
            for (axis, label) in labels.enumerated() {
                if let place = kept.firstIndex(of: label) {
                    guard shape[place] == value.shape[axis] else {
                        throw MLOpsError(
                            .invalidArgument,
                            "The axes '\(label)' have the extents \(shape[place]) and "
                                + "\(value.shape[axis]).", help: "A diagonal needs equal extents.")
                    }
                    steps[place] += strides[axis]
                } else {
                    kept.append(label)
                    steps.append(strides[axis])
                    shape.append(value.shape[axis])
                }
            }
            if kept.count == labels.count { return self }
            return Term(try Arrangement.copy(value, to: shape, strides: steps, in: context), kept)
        }

        /// Summed over the axes whose letters nobody needs.
        func summed(keeping needed: Set<Character>, in context: RunContext) throws -> Term {
            let gone = labels.indices.filter { !needed.contains(labels[$0]) }
            if gone.isEmpty { return self }
            let rows = try Arrangement.rows(value, along: gone, in: context)
            let size = gone.reduce(1) { $0 * value.shape[$1] }
            let kept = labels.indices.filter { !gone.contains($0) }
            let shape = kept.map { value.shape[$0] }
            let sums =
                value.elementType == .float32
                ? try Self.sums(Float.self, rows, size, shape, in: context)
                : try Self.sums(Double.self, rows, size, shape, in: context)
            return Term(sums, kept.map { labels[$0] })
        }

        private static func sums<Element: NumericElement & BinaryFloatingPoint>(
            _ type: Element.Type, _ rows: Value, _ size: Int, _ shape: [Int], in context: RunContext
        ) throws -> Value {
            try context.make(rows.elementType, shape, as: type) { target in
                rows.read(as: type) { source in
                    for i in target.indices { target[i] = source[(i * size)..<((i + 1) * size)].reduce(0, +) }
                }
            }
        }

        /// The axes in the order of letters; an axis that the term does not have gets the extent 1.
        func arranged(_ order: [Character], in context: RunContext) throws -> Term {
            let strides = Arrangement.strides(of: value.shape)
            let axes = order.map { labels.firstIndex(of: $0) }
            let shape = axes.map { $0.map { value.shape[$0] } ?? 1 }
            if axes.compactMap({ $0 }) == Array(labels.indices) { return Term(value.reshaped(shape), order) }
            return Term(
                try Arrangement.copy(value, to: shape, strides: axes.map { $0.map { strides[$0] } ?? 0 }, in: context),
                order)
        }

        /// The product with another term, summed over what both have and nobody needs.
        func joined(with other: Term, keeping needed: Set<Character>, _ context: RunContext) throws -> Term {
            let shared = labels.filter { other.labels.contains($0) }
            let batch = shared.filter { needed.contains($0) }
            let inner = shared.filter { !needed.contains($0) }
            let left = labels.filter { !shared.contains($0) }
            let right = other.labels.filter { !shared.contains($0) }
            let a = try expanded(inner, with: other, in: context).arranged(batch + left + inner, in: context).value
            let b = try other.expanded(inner, with: self, in: context)
                .arranged(batch + inner + right, in: context).value
            func product(_ shape: ArraySlice<Int>) -> Int { shape.reduce(1, *) }
            let (n, l, r) = (batch.count, left.count, right.count)
            let (leftShape, rightShape) = (Array(a.shape[n..<n + l]), Array(b.shape.suffix(r)))
            let (m, k, c) = (product(leftShape[...]), product(a.shape[(n + l)...]), product(rightShape[...]))
            let matrixA = a.reshaped(a.shape[..<n] + [m, k])
            let matrixB = b.reshaped(b.shape[..<n] + [k, c])
            let result =
                value.elementType == .float32
                ? try MatMulOperator().run([matrixA, matrixB], in: context)[0]
                : try Self.doubles(matrixA, matrixB, in: context)
            return Term(
                result.reshaped(result.shape.prefix(n) + leftShape + rightShape), batch + left + right)
        }

        /// Axes of the extent 1 that are to be summed with longer ones, repeated.
        private func expanded(_ inner: [Character], with other: Term, in context: RunContext) throws -> Term {
            var shape = value.shape
            for (axis, label) in labels.enumerated() where inner.contains(label) && shape[axis] == 1 {
                shape[axis] = other.labels.firstIndex(of: label).map { other.value.shape[$0] } ?? 1
            }
            if shape == value.shape { return self }
            return Term(
                try Arrangement.copy(
                    value, to: shape, strides: Broadcast.strides(of: value.shape, in: shape), in: context), labels)
        }

        private static func doubles(_ a: Value, _ b: Value, in context: RunContext) throws -> Value {
            let shapes = try MatrixProductShape(a.shape, b.shape)
            let (m, k, n) = (shapes.rows, shapes.depth, shapes.columns)
            let strides = [shapes.batchA, shapes.batchB].map { Broadcast.strides(of: $0, in: shapes.batch) }
            return try context.make(.float64, shapes.shape, as: Double.self) { target in
                a.read(as: Double.self) { a in
                    b.read(as: Double.self) { b in
                        let width = shapes.batch.last ?? 1
                        Broadcast.forEachRow(of: shapes.batch, strides: strides) { row, offsets in
                            for i in 0..<width * m * n {
                                let (matrix, place) = (i / (m * n), i % (m * n))
                                let startA = (offsets[0] + matrix * (strides[0].last ?? 0)) * m * k + place / n * k
                                let startB = (offsets[1] + matrix * (strides[1].last ?? 0)) * k * n + place % n
                                var sum = 0.0
                                for d in 0..<k { sum += a[startA + d] * b[startB + d * n] }
                                target[row * m * n + i] = sum
                            }
                        }
                    }
                }
            }
        }
    }
}
