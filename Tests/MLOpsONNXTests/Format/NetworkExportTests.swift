import Foundation
import MLOpsCNN
import MLOpsCore
import MLOpsData
import MLOpsONNX
import MLOpsTensor
import SwiftProtobuf
import Testing

/// The ready-made networks, as files: what runs them must compute what the trainer's own kernels compute.
@Suite struct NetworkExportTests {
    /// A network and the side of its pictures.
    struct Sample: Sendable, CustomStringConvertible {
        let spec: NetworkSpec, side: Int
        var description: String { "\(spec.name) on \(side) × \(side)" }
    }

    static let samples = [
        Sample(spec: .petNet(classes: 2), side: 64), Sample(spec: .petNet(classes: 2, stages: 5), side: 80),
        Sample(spec: .leNet(classes: 10), side: 28), Sample(spec: .resNet18(classes: 5), side: 64),
        Sample(spec: .mobileNetV2(classes: 5), side: 64),
        Sample(
            spec: NetworkSpec(
                "ResidualOfVectors",
                [
                    .convolution(filters: 8, kernel: 3, stride: 1, padding: 1), .globalAveragePool,
                    .residual([.dense(units: 8)]), .dense(units: 2),
                ]), side: 16),
    ]

    /// A network with random weights, and statistics that are not those of the start.
    func model(_ spec: NetworkSpec, side: Int) throws -> CNNModel {
        let preprocessing = try ImagePreprocessing(width: side, height: side)
        let network = try Network(spec, input: preprocessing.inputShape, seed: 4)
        let weights = network.parameters.enumerated().map { index, parameter in
            var values = parameter.value.values
            var generator = SeededGenerator(seed: 9, UInt64(index))
            if parameter.spec.role != .weights {
                for i in values.indices { values[i] += Float(generator.uniform(in: -0.1...0.1)) }
            }
            return NamedTensor(parameter.spec.name, shape: parameter.spec.shape, values: values)
        }
        let classes = network.logitsGradient(batchSize: 1).count
        return try CNNModel(
            spec: spec, preprocessing: preprocessing, labels: (0..<classes).map { "class\($0)" }, weights: weights)
    }

    @Test("the file goes out only if it gives what the trainer's kernels give", arguments: samples)
    func exportsWhatAgrees(sample: Sample) throws {
        let model = try model(sample.spec, side: sample.side)
        let compute = Compute(threads: 2)
        let files = try ONNXExporter(compute: compute).files(of: model.graph()) {
            try model.outputs(of: $0, compute: compute)
        }
        #expect(try files == ONNXSerializer().serialize(model.graph()))
    }

    @Test("a session on the exported file gives the logits of the trainer's kernels", arguments: samples)
    func sessionAgreesWithTheModel(sample: Sample) throws {
        let (spec, side) = (sample.spec, sample.side)
        let model = try model(spec, side: side)
        var generator = SeededGenerator(seed: 11)
        let images = try (0..<3).map { _ in
            try Image(
                width: side, height: side, pixels: (0..<side * side * 3).map { _ in UInt8(generator.uniform() * 255.9) }
            )
        }
        let compute = Compute(threads: 2)
        let expected = try model.predict(images, compute: compute).flatMap { $0 }
        let serializer = ONNXSerializer()
        let files = try serializer.serialize(try model.graph())
        let input = try TensorValue(images: images)
        let outputs = try ONNXSession(serializer.deserialize(files), compute: compute).run(["image": input])
        let logits = try #require(outputs["logits"])
        for (value, wanted) in zip(try logits.floats(), expected) {
            #expect(abs(value - wanted) < 1e-4 * max(1, abs(wanted)))
        }

        // What `Tests/Oracles/onnx_check.py` reads: the file, and what the trainer's kernels computed.
        guard let root = ProcessInfo.processInfo.environment["MLOPS_ONNX_EXPORT"] else { return }
        let folder = URL(fileURLWithPath: root).appendingPathComponent("networks/\(spec.name)-\(side)")
        try DurableFile.makeFolder(folder)
        try DurableFile.write(files[0].bytes, to: folder.appendingPathComponent("model.onnx"))
        let own = try TensorValue(shape: logits.shape, floats: expected)
        for (file, value) in [("input_0.pb", input), ("output_0.pb", own)] {
            let bytes: Data = try ONNXTensorProto(value).serializedBytes()
            try DurableFile.write(bytes, to: folder.appendingPathComponent(file))
        }
    }
}
