/// The axes of tensors that are walked through together, with the distance between neighbors in each; axes that lie
/// side by side in all of them are made one, and axes of one element are left out.
package struct StridedAxes: Sendable {
    /// The extents, the outermost first.
    package private(set) var extents: [Int] = []
    /// For each tensor, the floats between neighbors along each axis; 0 where it repeats.
    package private(set) var strides: [[Int]]

    /// Merges the axes of a shape.
    package init(_ shape: [Int], strides all: [[Int]]) {
        strides = all.map { _ in [] }
        for axis in shape.indices where shape[axis] != 1 {
            let last = extents.count - 1
            let merges = last >= 0 && all.indices.allSatisfy { strides[$0][last] == all[$0][axis] * shape[axis] }
            if merges {
                extents[last] *= shape[axis]
                for index in all.indices { strides[index][last] = all[index][axis] }
            } else {
                extents.append(shape[axis])
                for index in all.indices { strides[index].append(all[index][axis]) }
            }
        }
    }

    /// How many elements there are.
    package var count: Int { extents.reduce(1, *) }

    /// How far the element with some index along the outer `axes` axes, counted row by row, is from the first.
    @inline(__always)
    func offset(_ index: Int, axes: Int, in tensor: Int) -> Int {
        var (rest, offset) = (index, 0)
        var axis = axes - 1
        while axis >= 0 {
            offset += rest % extents[axis] * strides[tensor][axis]
            rest /= extents[axis]
            axis -= 1
        }
        return offset
    }
}
