import Foundation
import MLOpsCNN
import MLOpsCore
import MLOpsData
import MLOpsONNX
import MLOpsTensor
import Testing

/// Weights that come in as a file go on as a network of this package.
@Suite struct NetworkImportTests {
    private static let torch = ProcessInfo.processInfo.environment["MLOPS_TORCH_RESNET18"]

    @Test("an exported network comes back", arguments: NetworkExportTests.samples)
    func exportedNetworksComeBack(sample: NetworkExportTests.Sample) throws {
        let model = try NetworkExportTests().model(sample.spec, side: sample.side)
        let files = try ONNXSerializer().serialize(try model.graph())
        let back = try CNNModel(
            weightsOf: ONNXSerializer().deserialize(files), as: model.spec, preprocessing: model.preprocessing,
            labels: model.labels)
        let images = [try picture(side: sample.side)]
        let compute = Compute(threads: 1)
        let (expected, found) = (
            try model.predict(images, compute: compute)[0], try back.predict(images, compute: compute)[0]
        )
        for (a, b) in zip(expected, found) { #expect(abs(a - b) < 1e-4 * max(1, abs(a))) }
    }

    @Test func aGraphOfAnotherNetworkIsRefused() throws {
        let model = try NetworkExportTests().model(.petNet(classes: 2), side: 64)
        let graph = try model.graph()
        for spec in [NetworkSpec.petNet(classes: 3), .petNet(classes: 2, stages: 5), .leNet(classes: 2)] {
            let error = #expect(throws: MLOpsError.self) {
                try CNNModel(
                    weightsOf: graph, as: spec, preprocessing: model.preprocessing,
                    labels: (0..<(spec.classes ?? 0)).map { "\($0)" })
            }
            #expect(error?.code == .invalidArgument)
        }
    }

    /// A file of PyTorch's own ResNet-18: `torch.onnx.export(torchvision.models.resnet18(), …)`, input [N, 3, 64, 64].
    @Test(.enabled(if: torch != nil, "MLOPS_TORCH_RESNET18 names no file"))
    func pyTorchsResNetComesIn() throws {
        let bytes = try Data(contentsOf: URL(filePath: try #require(Self.torch)))
        let graph = try ONNXSerializer().deserialize([ModelFile(path: ONNXSerializer.path, bytes: bytes)])
        let classes = try #require(graph.signature.outputs[0].shape.last)
        let preprocessing = try ImagePreprocessing(width: 64, height: 64)
        let model = try CNNModel(
            weightsOf: graph, as: .resNet18(classes: classes), preprocessing: preprocessing,
            labels: (0..<classes).map { "\($0)" })
        let image = try picture(side: 64)
        let compute = Compute(threads: 2)
        let (scale, offset) = preprocessing.pixelTransform
        let area = 64 * 64
        let planes = (0..<3 * area).map { i in
            Float(image.pixels[i % area * 3 + i / area]) * scale[i / area] - offset[i / area]
        }
        let input = try TensorValue(shape: [1, 3, 64, 64], floats: planes)
        let outputs = try ONNXSession(model: bytes, compute: compute).run([graph.signature.inputs[0].name: input])
        let expected = try #require(outputs.values.first).floats()
        let found = try model.predict([image], compute: compute)[0]
        for (a, b) in zip(expected, found) { #expect(abs(a - b) < 1e-3 * max(1, abs(a))) }
    }

    private func picture(side: Int) throws -> Image {
        var generator = SeededGenerator(seed: 12)
        return try Image(
            width: side, height: side, pixels: (0..<side * side * 3).map { _ in UInt8(generator.uniform() * 255.9) })
    }
}
