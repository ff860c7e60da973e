internal import MLOpsCore
public import MLOpsData
public import MLOpsTensor

extension CNNModel {
    /// The logits [N][classes] of pictures of any size, which are resized to the preprocessing's.
    ///
    /// - Parameters:
    ///   - images: the pictures.
    ///   - compute: what runs the network.
    ///   - batchSize: how many go through the network at once; it bounds the memory, and changes no bit.
    public func predict(_ images: [Image], compute: Compute, batchSize: Int = 32) throws -> [[Float]] {
        guard batchSize >= 1 else {
            throw MLOpsError(.invalidArgument, "The batch size can't be \(batchSize).", help: "Use 1 or more.")
        }
        let network = try Network(self)
        let (width, height) = (preprocessing.width, preprocessing.height)
        var logits: [[Float]] = []
        logits.reserveCapacity(images.count)
        for start in stride(from: 0, to: images.count, by: batchSize) {
            let group = try images[start..<min(images.count, start + batchSize)].map {
                try $0.resized(width: width, height: height)
            }
            let batch = PixelBatch(
                pixels: group.flatMap(\.pixels), starts: group.indices.map { $0 * width * height * 3 },
                labels: [], indices: Array(group.indices))
            let input = network.input(batchSize: group.count)
            batch.fill(
                input, group.map { _ in PictureSampling(preprocessing) }, width: width, height: height,
                compute: compute)
            let output = network.forward(input, .inference, compute: compute)
            for row in 0..<group.count {
                let values = UnsafeBufferPointer(start: output.pointer + row * labels.count, count: labels.count)
                logits.append(Array(values))
            }
        }
        return logits
    }
}
