import Foundation
import MLOpsCNN
import MLOpsCore
import MLOpsData
import MLOpsTensor
import Testing

@Suite("CNNModel")
struct CNNModelTests {
    /// A model with random weights and statistics.
    private func model(_ spec: NetworkSpec, width: Int, height: Int, labels: Int) throws -> CNNModel {
        let preprocessing = try ImagePreprocessing(width: width, height: height)
        let network = try Network(spec, input: preprocessing.inputShape, seed: 4)
        let weights = network.parameters.enumerated().map { index, parameter in
            var values = parameter.value.values
            if parameter.spec.role != .weights {
                let noise = plainSequence(values.count, salt: UInt32(index))
                for i in values.indices { values[i] += 0.5 * noise[i] }
            }
            return NamedTensor(parameter.spec.name, shape: parameter.spec.shape, values: values)
        }
        return try CNNModel(
            spec: spec, preprocessing: preprocessing, labels: (0..<labels).map { "class\($0)" }, weights: weights)
    }

    private func pictures(_ count: Int, width: Int, height: Int) throws -> [Image] {
        try (0..<count).map { index in
            let bytes = plainSequence(width * height * 3, salt: UInt32(50 + index)).map { UInt8(($0 + 1) * 127.9) }
            return try Image(width: width, height: height, pixels: bytes)
        }
    }

    static let networks = [
        tinyNetwork,
        NetworkSpec(
            "reordered",
            [.convolution(filters: 5), .relu, .maxPool(), .dense(units: 6), .batchNorm, .relu, .dense(units: 2)]),
        NetworkSpec("normalized later", [.convolution(filters: 4, stride: 2), .relu, .batchNorm, .dense(units: 2)]),
        NetworkSpec(
            "every layer",
            [
                .convolution(filters: 6, padding: 1), .groupNorm(groups: 3), .gelu,
                .depthwiseConvolution(), .batchNorm, .relu6, .depthwiseConvolution(kernel: 5, padding: 2), .silu,
                .residual(
                    [.convolution(filters: 8, stride: 2), .batchNorm],
                    shortcut: [.averagePool(), .convolution(filters: 8, kernel: 1, padding: 0)]),
                .maxPool(size: 3, stride: 2, padding: 1), .residual([.relu]), .dense(units: 4), .gelu, .dense(units: 2),
            ]),
        .resNet18(classes: 2, width: 0.125), .mobileNetV2(classes: 2),
    ]

    @Test("the graph gives the logits and probabilities that the model gives, from plain pixels", arguments: networks)
    func graphPredictsTheSame(spec: NetworkSpec) throws {
        let (width, height) = spec.layers.count > 12 ? (32, 32) : (14, 10)
        let model = try model(spec, width: width, height: height, labels: 2)
        let images = try pictures(3, width: width, height: height)
        let expected = try model.predict(images, compute: Compute(threads: 2))
        let graph = try model.graph(metadata: ["run": "r1"])
        let run = try GraphInterpreter(graph, pixels: images.flatMap(\.pixels), shape: [3, height, width, 3])
        let logits = try #require(run.values["logits"])
        #expect(logits.shape == [3, 2])
        for (value, expected) in zip(logits.elements, expected.flatMap { $0 }) {
            #expect(abs(value - Double(expected)) < 1e-4 * max(1, abs(value)), "\(spec.name)")
        }
        let probabilities = try #require(run.values["probabilities"])
        #expect(abs(probabilities.elements[0] + probabilities.elements[1] - 1) < 1e-9)
        #expect(graph.metadata["run"] == "r1" && graph.metadata["labels"] == #"["class0","class1"]"#)
        #expect(graph.metadata["weights"] == model.weightsDigest.description)
        #expect(Set(graph.nodes.flatMap(\.outputs)).count == graph.nodes.count, "each tensor is made once")
    }

    @Test("petNet's graph takes pixels, gives logits and probabilities, and has its normalizations folded in")
    func petNetGraphIsFolded() throws {
        let model = try model(.petNet(classes: 2, width: 0.25), width: 64, height: 64, labels: 2)
        let graph = try model.graph()
        #expect(graph.signature.inputs == [.init("image", .uint8, shape: [-1, 64, 64, 3])])
        #expect(
            graph.signature.outputs == [
                .init("logits", .float32, shape: [-1, 2]), .init("probabilities", .float32, shape: [-1, 2]),
            ])
        let ops = graph.nodes.map(\.op)
        #expect(ops.count { $0 == "Conv" } == 8 && !ops.contains("BatchNormalization") && !ops.contains("Dropout"))
        #expect(ops.suffix(4) == ["GlobalAveragePool", "Flatten", "Gemm", "Softmax"])
        #expect(graph.constants["convolution2.weights"]?.shape == [8, 8, 3, 3])
    }

    @Test("the trainer's pixel arithmetic is (pixel / 255 − mean) / deviation to 1e-5")
    func preprocessingIsExact() throws {
        let preprocessing = try ImagePreprocessing(width: 16, height: 16)
        let image = try Image(width: 16, height: 16, pixels: (0..<768).map { UInt8($0 / 3 % 256) })
        var input = [Float](repeating: 0, count: 768)
        PictureSampling(preprocessing).read(
            image.pixels, width: 16, height: 16, into: &input, outWidth: 16, outHeight: 16)
        for (i, value) in input.enumerated() {
            let c = i % 3
            let exact =
                (Double(image.pixels[i]) / 255 - Double(preprocessing.mean[c]))
                / Double(preprocessing.standardDeviation[c])
            #expect(abs(Double(value) - exact) < 1e-5)
        }
    }

    @Test("a model survives its file, and a damaged file throws")
    func survivesItsFile() throws {
        let model = try model(tinyNetwork, width: 16, height: 16, labels: 2)
        let bytes = try model.serialized()
        #expect(try CNNModel(serialized: bytes) == model)
        #expect(try CNNModel(serialized: bytes).weightsDigest == model.weightsDigest)
        for end in [0, 7, 8, 100, bytes.count - 1] {
            #expect(throws: MLOpsError.self) { try CNNModel(serialized: bytes.prefix(end)) }
        }
        for place in stride(from: 0, to: bytes.count, by: 97) {
            var damaged = bytes
            damaged[place] ^= 0x41
            #expect(throws: MLOpsError.self, "byte \(place)") { try CNNModel(serialized: damaged) }
        }
    }

    @Test("tensors that share their bytes, and bytes that no tensor has, are refused")
    func tensorsLieBehindEachOther() throws {
        for offsets in [[[0, 4], [0, 4]], [[0, 4], [8, 12]], [[0, 4], [4, 8], [4, 8]]] {
            var header = try offsets.enumerated().map { i, pair in
                "\"t\(i)\":{\"data_offsets\":\(String(decoding: try CanonicalJSON.encode(pair), as: UTF8.self)),"
                    + "\"dtype\":\"F32\",\"shape\":[1]}"
            }
            let elements = Data(count: 12)
            let unsigned = "{\"__metadata__\":{}," + header.joined(separator: ",") + "}"
            let digest = Digest(of: Data(unsigned.utf8) + elements)
            header.insert("\"__metadata__\":{\"sha256\":\"\(digest)\"}", at: 0)
            let text = Data("{\(header.joined(separator: ","))}".utf8)
            let file = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text + elements
            let error = #expect(throws: MLOpsError.self) { try Safetensors.decode(file, source: "the file") }
            #expect(error?.message.contains("digest") == false, "\(error.debugDescription)")
        }
    }

    @Test("a preprocessing that can't be done is refused when it is read")
    func damagedPreprocessingIsRefused() throws {
        let whole = try CanonicalJSON.encode(ImagePreprocessing(width: 8, height: 8))
        let text = String(decoding: whole, as: UTF8.self)
        for (old, new) in [("\"height\":8", "\"height\":9223372036854775807"), ("\"width\":8", "\"width\":0")] {
            let bytes = Data(text.replacing(old, with: new).utf8)
            #expect(throws: MLOpsError.self) {
                try CanonicalJSON.decode(ImagePreprocessing.self, from: bytes, source: "the file")
            }
        }
    }

    @Test("weights of another network and missing labels are refused")
    func misfitsAreRefused() throws {
        let model = try model(tinyNetwork, width: 16, height: 16, labels: 2)
        for (labels, weights) in [
            (["a"], model.weights), (["a", "a"], model.weights), (["a", "b"], Array(model.weights.dropLast())),
        ] {
            #expect(throws: MLOpsError.self) {
                try CNNModel(
                    spec: model.spec, preprocessing: model.preprocessing, labels: labels, weights: weights)
            }
        }
    }

    @Test("a prediction does not depend on what else is in the batch")
    func predictionsAreIndependent() throws {
        let model = try model(tinyNetwork, width: 16, height: 16, labels: 2)
        let images = try pictures(7, width: 20, height: 12)
        let compute = Compute(threads: 2)
        let together = try model.predict(images, compute: compute)
        #expect(try model.predict(images, compute: compute, batchSize: 2) == together)
        #expect(try model.predict([], compute: compute).isEmpty)
    }
}
