import Foundation
import MLOps
import MLOpsONNX
import MLOpsTensor

extension Park {
    /// A fault of the camera that makes the production model lean to dogs, tried on pictures of the camera: the
    /// lightest that leans it by half as much again as the limit, or else the one that leans it most to either class.
    ///
    /// Which fault does it depends on what the network has learned, so it can't be known beforehand.
    func faultThatBiases() async throws -> (fault: CameraFault, bias: Double) {
        let package = try await registry.package(for: version("production"))
        let predictor = try await ONNXModelRuntime(compute: Compute(threads: threads)).predictor(for: package)
        let pictures = try await settings.livePictures(limit: 150)
        var strongest = (fault: CameraFault(kind: .smearedLens, severity: 1), bias: 0.0)
        for (index, fault) in CameraFault.all.enumerated() {
            var (dogs, trueDogs) = (0, 0)
            for picture in pictures {
                let image = try fault.applied(to: try ImageDecoder().decode(picture.bytes), seed: settings.seed)
                let inputs = try package.inputs(decoding: Array(image.jpeg(quality: 90)))
                let row = try await predictor.predict(inputs)["probabilities"]?.floats() ?? []
                let label = row.indices.max { row[$0] < row[$1] }.map { package.manifest.labels[$0] }
                dogs += label == "dog" ? 1 : 0
                trueDogs += picture.truth == "dog" ? 1 : 0
            }
            let bias = 2 * Double(dogs - trueDogs) / Double(max(1, pictures.count))
            if abs(bias) > abs(strongest.bias) { strongest = (fault, bias) }
            progress.report(
                ProgressUpdate("try camera faults", completed: index + 1, total: CameraFault.all.count))
            if bias >= 1.5 * settings.biasLimit { return (fault, bias) }
        }
        return strongest
    }
}
