import Foundation
import MLOpsCore
import MLOpsONNX
import MLOpsTensor
import Testing

/// Models that are opened from their file, where large weights stay until they are laid out.
@Suite struct StoredModelTests {
    private static let compute = Compute(threads: 2)

    /// Weights of every operator that lays them out, a table that one loads, and one that two take.
    private func model() throws -> (bytes: Data, inputs: [String: TensorValue]) {
        var random = SeededGenerator(seed: 5)
        func weights(_ shape: [Int]) throws -> TensorValue {
            try TensorValue(
                shape: shape, floats: (0..<shape.reduce(1, *)).map { _ in Float(random.uniform()) / 8 - 0.0625 })
        }
        let graph = ModelGraph(
            name: "stored",
            signature: ModelSignature(
                inputs: [.init("x", .float32, shape: [-1, 16, 9, 9])],
                outputs: [.init("y", .float32, shape: [-1, 64])]),
            nodes: [
                .init(
                    "Conv", name: "conv", inputs: ["x", "w"], outputs: ["c"], attributes: ["pads": .ints([1, 1, 1, 1])]),
                .init("BatchNormalization", name: "norm", inputs: ["c", "s", "b", "m", "v"], outputs: ["n"]),
                .init("GlobalAveragePool", name: "pool", inputs: ["n"], outputs: ["p"]),
                .init("Flatten", name: "flatten", inputs: ["p"], outputs: ["f"]),
                .init("Gemm", name: "gemm", inputs: ["f", "g"], outputs: ["h"], attributes: ["transB": .int(1)]),
                .init("MatMul", name: "product", inputs: ["h", "g"], outputs: ["i"]),
                .init(
                    "ReduceSum", name: "sum", inputs: ["g", "axes"], outputs: ["r"], attributes: ["keepdims": .int(0)]),
                .init("Add", name: "add", inputs: ["i", "r"], outputs: ["y"]),
            ],
            constants: [
                "w": try weights([64, 16, 3, 3]), "g": try weights([64, 64]), "s": try weights([64]),
                "b": try weights([64]), "m": try weights([64]),
                "v": try TensorValue(shape: [64], floats: [Float](repeating: 0.5, count: 64)),
                "axes": try TensorValue(.int64, shape: [1], bytes: [0, 0, 0, 0, 0, 0, 0, 0]),
            ])
        return (try ONNXSerializer().serialize(graph)[0].bytes, ["x": try weights([2, 16, 9, 9])])
    }

    private func withFile<Result>(_ bytes: Data, _ body: (URL) throws -> Result) throws -> Result {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).onnx")
        try bytes.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try body(file)
    }

    @Test func aFileRunsAsItsBytesAndAsItsGraphWithoutFusion() throws {
        let (bytes, inputs) = try model()
        let session = try withFile(bytes) { try ONNXSession(contentsOf: $0, compute: Self.compute) }
        let fromMemory = try ONNXSession(model: bytes, compute: Self.compute)
        let graph = try ONNXSerializer().deserialize([try ModelFile(path: ONNXSerializer.path, bytes: bytes)])
        let plain = try ONNXSession(graph, compute: Self.compute, isFused: false)
        // The file is gone; nothing of it is needed any more.
        let y = try session.run(inputs)
        #expect(try fromMemory.run(inputs) == y)
        let (found, expected) = (try #require(y["y"]).floats(), try #require(plain.run(inputs)["y"]).floats())
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-4 })
    }

    @Test func aFileThatIsNotThereIsNotFound() throws {
        for path in ["/nowhere/model.onnx", "/", "/dev/null"] {
            let error = #expect(throws: MLOpsError.self) {
                try ONNXSession(contentsOf: URL(filePath: path), compute: Self.compute)
            }
            #expect(error?.code == .notFound)
        }
    }

    @Test(arguments: [0, 1, 100, 5000, 30_000, 50_000]) func aFileThatEndsTooEarlyIsRefused(count: Int) throws {
        let bytes = try model().bytes
        let error = #expect(throws: MLOpsError.self) {
            try withFile(bytes.prefix(count)) { try ONNXSession(contentsOf: $0, compute: Self.compute) }
        }
        #expect(error?.code == .corruptData)
    }

    @Test func anAddressOnTheWebAndAPipeAreRefused() throws {
        let error = #expect(throws: MLOpsError.self) {
            try ONNXSession(contentsOf: #require(URL(string: "https://host/model.onnx")), compute: Self.compute)
        }
        #expect(error?.code == .invalidArgument)
        let pipe = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).onnx")
        try #require(mkfifo(pipe.path, 0o600) == 0)
        defer { unlink(pipe.path) }
        #expect(throws: MLOpsError.self) { try ONNXSession(contentsOf: pipe, compute: Self.compute) }
    }

    @Test func weightsThatTakeMoreThanTheLimitLaidOutAreRefused() throws {
        var limits = ONNXLimits()
        limits.packedByteCount = 64 * 64 * 4
        let bytes = try model().bytes
        let error = #expect(throws: MLOpsError.self) {
            try ONNXSession(model: bytes, compute: Self.compute, limits: limits)
        }
        #expect(error?.code == .limitExceeded)
    }

    /// The rank of the images is not known before the run, so that nothing else looks at the bias before it is folded.
    @Test(arguments: [true, false]) func aBiasThatDoesNotFitIsRefused(isNormalized: Bool) throws {
        func ones(_ shape: [Int]) throws -> TensorValue {
            try TensorValue(shape: shape, floats: [Float](repeating: 1, count: shape.reduce(1, *)))
        }
        let nodes: [ModelGraph.Node] = [
            .init("Reshape", name: "reshape", inputs: ["x", "shape"], outputs: ["i"]),
            .init("Conv", name: "conv", inputs: ["i", "w", "bias"], outputs: [isNormalized ? "c" : "y"]),
            .init("BatchNormalization", name: "norm", inputs: ["c", "s", "s", "s", "s"], outputs: ["y"]),
        ]
        let graph = ModelGraph(
            name: "misfit",
            signature: ModelSignature(
                inputs: [.init("x", .float32, shape: [-1]), .init("shape", .int64, shape: [-1])],
                outputs: [.init("y", .float32, shape: [-1, 64, -1, -1])]),
            nodes: Array(nodes.prefix(isNormalized ? 3 : 2)),
            constants: ["w": try ones([64, 16, 3, 3]), "bias": try ones([1]), "s": try ones([64])])
        let error = #expect(throws: MLOpsError.self) {
            try ONNXSession(graph, compute: Self.compute)
        }
        #expect(error?.code == .invalidArgument)
    }

    @Test func aFileAboveTheLimitIsRefused() throws {
        var limits = ONNXLimits()
        limits.fileByteCount = 1000
        let bytes = try model().bytes
        let error = #expect(throws: MLOpsError.self) {
            try withFile(bytes) { try ONNXSession(contentsOf: $0, compute: Self.compute, limits: limits) }
        }
        #expect(error?.code == .limitExceeded)
    }
}
