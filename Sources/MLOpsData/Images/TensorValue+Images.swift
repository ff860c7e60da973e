public import MLOpsCore

extension TensorValue {
    /// Makes a batch of pictures of one size, UINT8 [N, height, width, 3].
    ///
    /// - Throws: ``MLOpsCore/MLOpsError`` with `invalidArgument` when there are none, or their sizes differ.
    public init(images: [Image]) throws {
        guard let first = images.first, images.allSatisfy({ $0.width == first.width && $0.height == first.height })
        else {
            throw MLOpsError(
                .invalidArgument, "\(images.count) pictures of different sizes can't be one batch.",
                help: "Give at least one picture, and resize all to one size.")
        }
        try self.init(
            .uint8, shape: [images.count, first.height, first.width, 3], bytes: images.flatMap(\.pixels))
    }
}
