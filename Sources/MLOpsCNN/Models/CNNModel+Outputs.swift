internal import Foundation
public import MLOpsCore
internal import MLOpsData
public import MLOpsTensor

extension CNNModel {
    /// What the exported model must give, computed by the network itself: of a batch of pictures under the name
    /// `image`, UINT8 [N, H, W, 3], the `logits` and the `probabilities`, FP32 [N, classes].
    ///
    /// - Throws: ``MLOpsCore/MLOpsError`` with `invalidArgument` when the inputs do not fit ``signature``.
    public func outputs(
        of inputs: [String: TensorValue], compute: Compute = Compute()
    ) throws -> [String: TensorValue] {
        try signature.check(inputs: inputs)
        guard let batch = inputs["image"], let count = batch.shape.first else { return [:] }
        let (width, height) = (preprocessing.width, preprocessing.height)
        let size = width * height * 3
        let images = try (0..<count).map {
            try Image(width: width, height: height, pixels: Array(batch.bytes[$0 * size..<($0 + 1) * size]))
        }
        let logits = try predict(images, compute: compute)
        let probabilities = logits.map { row -> [Float] in
            let greatest = row.max() ?? 0
            let powers = row.map { exp(Double($0 - greatest)) }
            let sum = powers.reduce(0, +)
            return powers.map { Float($0 / sum) }
        }
        return [
            "logits": try TensorValue(shape: [count, labels.count], floats: logits.flatMap { $0 }),
            "probabilities": try TensorValue(shape: [count, labels.count], floats: probabilities.flatMap { $0 }),
        ]
    }
}
