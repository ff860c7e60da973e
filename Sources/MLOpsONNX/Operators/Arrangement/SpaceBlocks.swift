internal import MLOpsCore

/// Whether elements of a block are the outer part of the channels, as `DCR` says, or the inner one, as `CRD`.
enum SpaceBlockOrder: String { case DCR, CRD }

/// How `DepthToSpace` and `SpaceToDepth` move elements between the channels and square blocks of an image.
struct SpaceBlocks: Sendable {
    /// The extent of a block.
    let size: Int
    /// The order of the channels.
    let order: SpaceBlockOrder

    /// Reads `blocksize` and, since an operator set, `mode`.
    init(_ node: inout NodeReader, modeSince: Int) throws {
        size = try node.int("blocksize") ?? 0
        let text = node.operatorSet >= modeSince ? try node.string("mode") ?? "DCR" : "DCR"
        guard (1...(1 << 20)).contains(size), let order = SpaceBlockOrder(rawValue: text) else {
            throw MLOpsError(
                .invalidArgument, "'blocksize' is \(size) and 'mode' \(text).",
                help: "Give a positive block size and the mode DCR or CRD.")
        }
        self.order = order
    }

    /// The shape with the blocks spread out over the image.
    func spread(_ shape: [Int]) throws -> [Int] {
        guard shape.count == 4, shape[1] == -1 || shape[1] % (size * size) == 0 else { throw mistake(shape) }
        return [
            shape[0], shape[1] == -1 ? -1 : shape[1] / (size * size), try times(shape[2], size),
            try times(shape[3], size),
        ]
    }

    /// The shape with the blocks gathered in the channels.
    func gathered(_ shape: [Int]) throws -> [Int] {
        guard shape.count == 4, shape[2...].allSatisfy({ $0 == -1 || $0 % size == 0 }) else { throw mistake(shape) }
        return [shape[0], try times(shape[1], size * size)] + shape[2...].map { $0 == -1 ? -1 : $0 / size }
    }

    private func times(_ extent: Int, _ factor: Int) throws -> Int {
        if extent == -1 { return -1 }
        let (product, overflow) = extent.multipliedReportingOverflow(by: factor)
        if overflow { throw mistake([extent]) }
        return product
    }

    private func mistake(_ shape: [Int]) -> MLOpsError {
        MLOpsError(
            .invalidArgument, "A tensor \(shape) has no blocks of \(size) × \(size).",
            help: "Give images [N, C, H, W] whose channels, or rows and columns, can be divided so.")
    }
}
