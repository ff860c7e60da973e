internal import MLOpsCore

/// Inputs whose elements are extents, indices or a single number that an operator is told at run time.
extension Value {
    /// The only element of a value of whole numbers; throws `invalidArgument` when there is not exactly one.
    func integer(_ what: String) throws -> Int {
        let numbers = try integers()
        guard numbers.count == 1 else {
            throw MLOpsError(
                .invalidArgument, "\(what) has the shape \(shape), not one element.", help: "Give one whole number.")
        }
        return numbers[0]
    }

    /// The elements of a one-dimensional value as the extents of a shape; throws `invalidArgument` for negative ones.
    func extents(_ what: String) throws -> [Int] {
        let extents = try integers()
        guard shape.count == 1, extents.allSatisfy({ $0 >= 0 }) else {
            throw MLOpsError(
                .invalidArgument, "\(what) is \(extents) of the shape \(shape).",
                help: "Give a list of whole numbers of at least 0.")
        }
        return extents
    }
}

extension ValueType {
    /// Whether the elements are indices; throws `unsupported` otherwise.
    func expectIndices() throws {
        guard elementType == .int32 || elementType == .int64 else {
            throw MLOpsError.unsupported(elementType, instead: "INT64")
        }
    }

    /// A shape of which only the rank may be known: that of a shape with as many extents as this list has elements.
    var openShape: [Int]? {
        guard let shape, shape.count == 1, (0...64).contains(shape[0]) else { return nil }
        return [Int](repeating: -1, count: shape[0])
    }
}

extension Axes {
    /// Indices of an axis, from 0; throws `invalidArgument` for one that is not in it.
    static func places(_ indices: [Int], extent: Int) throws -> [Int] {
        try indices.map { index in
            guard index >= -extent, index < extent else {
                throw MLOpsError(
                    .invalidArgument, "The index \(index) is not in an axis of \(extent).",
                    help: "Give indices from −extent to extent − 1.")
            }
            return index < 0 ? index + extent : index
        }
    }
}
