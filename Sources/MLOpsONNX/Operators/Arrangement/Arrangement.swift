internal import MLOpsCore

/// Moves elements of any width from one place to another without looking at them.
enum Arrangement {
    /// Copies elements: the one at i₀, i₁, … of the result lies at `start` + Σ iₖ · `strides[k]` in the source.
    ///
    /// The caller guarantees that every place is inside the source.
    static func copy(
        _ source: Value, to shape: [Int], strides: [Int], start: Int = 0, in context: RunContext
    ) throws -> Value {
        // The usual width by name, so that the compiler makes a loop of its own for it.
        if source.elementType.byteCount == 4 {
            return try copy(UInt32.self, source, to: shape, strides: strides, start: start, in: context)
        }
        return try copy(source.elementType.carrier(), source, to: shape, strides: strides, start: start, in: context)
    }

    private static func copy<Element: NumericElement>(
        _ type: Element.Type, _ source: Value, to shape: [Int], strides: [Int], start: Int, in context: RunContext
    ) throws -> Value {
        let step = strides.last ?? 0
        let width = shape.last ?? 1
        return try context.make(source.elementType, shape, as: type) { target in
            source.read(as: type) { elements in
                Broadcast.forEachRow(of: shape, strides: [strides]) { row, offsets in
                    let first = start + offsets[0]
                    for i in 0..<width { target[row + i] = elements[first + i * step] }
                }
            }
        }
    }

    /// For each dimension of a row-major shape, how many elements lie between neighbors.
    static func strides(of shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in stride(from: shape.count - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * shape[axis + 1]
        }
        return strides
    }
}
