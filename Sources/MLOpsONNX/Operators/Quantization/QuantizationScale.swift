internal import MLOpsCore

/// Which scale and zero point belong to which element of a tensor: one for all, one for each index of an axis, or one
/// for each block along an axis.
struct QuantizationScale {
    /// For each element of the tensor, in row-major order, comes the place of its scale: `(i / outer) …`, see ``place``.
    private let extent: Int
    private let inner: Int
    private let block: Int
    private let blocks: Int
    /// Whether one scale is for all.
    let isSingle: Bool

    /// Throws `invalidArgument` when the scales do not fit the shape.
    init(_ shape: [Int], scale: [Int], axis: Int, blockSize: Int) throws {
        let count = scale.reduce(1, *)
        isSingle = count == 1 && blockSize == 0
        if isSingle {
            (extent, inner, block, blocks) = (1, 1, 1, 1)
            return
        }
        let axis = try Axes.normalized(axis, rank: shape.count)
        let mistake = MLOpsError(
            .invalidArgument, "Scales \(scale) do not fit a tensor \(shape) along the axis \(axis).",
            help: "Give one for all, one for each index of the axis, or one for each block.")
        extent = shape[axis]
        if blockSize > 0 {
            guard scale.count == shape.count, extent > 0, scale[axis] == (extent - 1) / blockSize + 1,
                shape.indices.allSatisfy({ $0 == axis || scale[$0] == shape[$0] })
            else { throw mistake }
            (block, blocks) = (blockSize, scale[axis])
            inner = shape[(axis + 1)...].reduce(1, *)
        } else {
            guard scale.count == 1, scale[0] == extent else { throw mistake }
            // One scale for each index, whatever the other axes: as blocks of one, all in one row.
            (block, blocks) = (1, extent)
            inner = shape[(axis + 1)...].reduce(1, *)
        }
        isBlocked = blockSize > 0
    }

    private var isBlocked = false

    /// The place of the scale of an element.
    @inline(__always) func place(_ element: Int) -> Int {
        if isSingle { return 0 }
        let index = element / inner % extent
        if !isBlocked { return index }
        return (element / (inner * extent) * blocks + index / block) * inner + element % inner
    }
}

extension QuantizationScale {
    /// Reads `axis` and, since operator set 21, `block_size`.
    static func attributes(_ node: inout NodeReader) throws -> (axis: Int, blockSize: Int) {
        let axis = node.operatorSet >= 13 ? try node.int("axis") ?? 1 : 1
        let blockSize = node.operatorSet >= 21 ? try node.int("block_size") ?? 0 : 0
        guard (0...(1 << 40)).contains(blockSize) else {
            throw MLOpsError(.invalidArgument, "'block_size' is \(blockSize).", help: "Give 0 or more.")
        }
        return (axis, blockSize)
    }
}

extension ElementType {
    /// The Swift type of quantized elements; throws `unsupported` for what is not of 8, 16 or 32 bits.
    func quantized() throws -> any WholeElement.Type {
        guard let type = whole, self != .int64, self != .uint64, self != .uint32 else {
            throw MLOpsError.unsupported(self, instead: "INT8 or UINT8")
        }
        return type
    }
}

extension Value {
    /// The elements of a value of numbers, as real ones.
    func reals() throws -> [Double] { try reals(elementType.castable()) }

    private func reals<Element: CastableElement>(_ type: Element.Type) -> [Double] {
        read(as: type) { Element.reals(of: $0) }
    }
}
