internal import MLOpsCore
internal import MLOpsTensor

/// `Concat`: tensors one after another along an axis.
struct ConcatOperator: ElementMover {
    static let name = "Concat"
    static let inputCount = 1...Int.max
    let axis: Int

    init(axis: Int) { self.axis = axis }

    init(_ node: inout NodeReader) throws {
        guard let axis = try node.int("axis") else {
            throw MLOpsError(.invalidArgument, "The attribute 'axis' is missing.", help: "Give the axis.")
        }
        self.axis = axis
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let first: ValueType = try inputs.required(0)
        let all: [ValueType] = try inputs.indices.map { try inputs.required($0) }
        guard all.allSatisfy({ $0.elementType == first.elementType }) else { throw mistake("are of different types") }
        _ = try first.elementType.carrier()
        let shapes = all.compactMap(\.shape)
        guard shapes.count == all.count else { return [first.reshaped(nil)] }
        return [first.reshaped(try joined(shapes))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let values: [Value] = try inputs.indices.map { try inputs.required($0) }
        guard values.allSatisfy({ $0.elementType == values[0].elementType }) else {
            throw mistake("are of different types")
        }
        let shape = try joined(values.map(\.shape))
        return [try join(values[0].elementType.carrier(), values, shape, in: context)]
    }

    private func join<Element: NumericElement>(
        _ type: Element.Type, _ values: [Value], _ shape: [Int], in context: RunContext
    ) throws -> Value {
        let axis = try Axes.normalized(axis, rank: shape.count)
        let outer = shape[..<axis].reduce(1, *)
        let whole = shape[axis...].reduce(1, *)
        return try context.make(values[0].elementType, shape, as: type) { target in
            var offset = 0
            for value in values {
                let part = value.shape[axis...].reduce(1, *)
                value.read(as: type) { source in
                    for block in 0..<outer {
                        for i in 0..<part { target[block * whole + offset + i] = source[block * part + i] }
                    }
                }
                offset += part
            }
        }
    }

    private func joined(_ shapes: [[Int]]) throws -> [Int] {
        var result = shapes[0]
        let axis = try Axes.normalized(axis, rank: result.count)
        for shape in shapes.dropFirst() {
            guard shape.count == result.count else { throw mistake("have the shapes \(shapes)") }
            for position in shape.indices {
                let (old, new) = (result[position], shape[position])
                if position == axis {
                    result[position] = old == -1 || new == -1 ? -1 : old &+ new
                } else if old == -1 {
                    result[position] = new
                } else if new != -1, new != old {
                    throw mistake("have the shapes \(shapes)")
                }
            }
        }
        return result
    }

    private func mistake(_ what: String) -> MLOpsError {
        MLOpsError(
            .invalidArgument, "The inputs \(what) and can't be joined along the axis \(axis).",
            help: "Give tensors of one type whose shapes differ along that axis alone.")
    }
}
