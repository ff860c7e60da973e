internal import MLOpsCore

/// How shapes of different ranks and extents of 1 go together, as in NumPy and the ONNX standard ("Broadcasting").
enum Broadcast {
    /// The shape of the result; −1, an unknown extent, is kept where nothing better is known.
    static func shape(_ a: [Int], _ b: [Int]) throws -> [Int] {
        let rank = max(a.count, b.count)
        return try (0..<rank).map { axis in
            let x = extent(a, axis, rank)
            let y = extent(b, axis, rank)
            if x == y || y == 1 { return x }
            if x == 1 { return y }
            if x == -1 { return y }
            if y == -1 { return x }
            throw MLOpsError(
                .invalidArgument, "The shapes \(a) and \(b) can't be broadcast to one.",
                help: "From the last dimension on, extents must be equal or 1.")
        }
    }

    /// For each dimension of the result, how many elements of the source lie between neighbors; 0 where it repeats.
    static func strides(of source: [Int], in result: [Int]) -> [Int] {
        var strides = [Int](repeating: 0, count: result.count)
        var step = 1
        for axis in stride(from: source.count - 1, through: 0, by: -1) {
            let position = axis + result.count - source.count
            if source[axis] != 1 { strides[position] = step }
            step *= source[axis]
        }
        return strides
    }

    /// Runs through the result row by row: gives the offset of each row in the result and in every source.
    static func forEachRow(of result: [Int], strides: [[Int]], _ body: (_ row: Int, _ offsets: [Int]) -> Void) {
        let outer = Array(result.dropLast())
        let width = result.last ?? 1
        let rows = outer.reduce(1, *)
        guard rows > 0, width > 0 else { return }
        var index = [Int](repeating: 0, count: outer.count)
        var offsets = [Int](repeating: 0, count: strides.count)
        for row in 0..<rows {
            body(row * width, offsets)
            var axis = outer.count - 1
            while axis >= 0 {
                index[axis] += 1
                for source in strides.indices { offsets[source] += strides[source][axis] }
                if index[axis] < outer[axis] { break }
                for source in strides.indices { offsets[source] -= strides[source][axis] * outer[axis] }
                index[axis] = 0
                axis -= 1
            }
        }
    }

    private static func extent(_ shape: [Int], _ axis: Int, _ rank: Int) -> Int {
        let position = axis - (rank - shape.count)
        return position < 0 ? 1 : shape[position]
    }
}
