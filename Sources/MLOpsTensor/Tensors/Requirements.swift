/// Stops the program when a tensor has not the shape that the others ask for: a bug of the caller.
@inline(__always)
func require(_ tensor: Tensor, _ name: StaticString, hasShape expected: @autoclosure () -> [Int]) {
    precondition(tensor.shape == expected(), "\(name) has shape \(tensor.shape), expected \(expected())")
}

/// The same for a few extents, which take no memory.
@inline(__always)
func require<Extents: SIMD<Int>>(_ tensor: Tensor, _ name: StaticString, hasShape expected: Extents) {
    precondition(
        tensor.shape.count == Extents.scalarCount && expected.indices.allSatisfy { tensor.shape[$0] == expected[$0] },
        "\(name) has shape \(tensor.shape), expected \(expected)")
}

/// Stops the program when a tensor has not the number of elements that the others ask for.
@inline(__always)
func require(_ tensor: Tensor, _ name: StaticString, hasCount expected: Int) {
    precondition(tensor.count == expected, "\(name) has \(tensor.count) elements, expected \(expected)")
}

/// Stops the program when a tensor has not the number of axes that the operation needs.
@inline(__always)
func require(_ tensor: Tensor, _ name: StaticString, hasRank expected: Int) {
    precondition(tensor.shape.count == expected, "\(name) has shape \(tensor.shape), expected \(expected) axes")
}
