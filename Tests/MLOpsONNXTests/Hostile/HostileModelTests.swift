import Foundation
import MLOpsCore
import MLOpsONNX
import MLOpsTensor
import SwiftProtobuf
import Testing

/// Files from outside: whatever they hold, reading throws an ``MLOpsError`` or gives a graph that runs.
@Suite struct HostileModelTests {
    private let serializer = ONNXSerializer()

    /// The error that reading the sample throws after a change to its file.
    private func error(after change: (inout ONNXModelProto) throws -> Void) throws -> MLOpsError? {
        let bytes = try serializer.serialize(try SampleGraphs.classifier())[0].bytes
        var model = try ONNXModelProto(serializedBytes: bytes)
        try change(&model)
        let changed: Data = try model.serializedBytes()
        let files = [try ModelFile(path: "model.onnx", bytes: changed)]
        do { _ = try serializer.deserialize(files) } catch let error as MLOpsError { return error }
        return nil
    }

    @Test func anUnchangedFileIsRead() throws {
        #expect(try error { _ in } == nil)
    }

    @Test func dataOutsideTheFileIsRefused() throws {
        let found = try error { model in
            var entry = ONNXStringStringEntryProto()
            (entry.key, entry.value) = ("location", "/etc/passwd")
            model.graph.initializer[0].externalData = [entry]
            model.graph.initializer[0].dataLocation = .external
        }
        #expect(found?.code == .unsupported)
    }

    @Test(arguments: [[3], [8, 1 << 62], [-8], [1 << 40, 1 << 40], [0, 1 << 62, 1 << 62]])
    func aShapeThatDoesNotFitItsElementsIsRefused(shape: [Int64]) throws {
        let found = try error { model in model.graph.initializer[0].dims = shape }
        #expect(found?.code == .corruptData || found?.code == .limitExceeded)
    }

    @Test func unknownOperatorsAreListedTogether() throws {
        let found = try error { model in
            model.graph.node[4].opType = "Winograd"
            model.graph.node[6].domain = "com.example"
        }
        #expect(found?.code == .unsupported)
        #expect(found?.message.contains("'conv1' (Winograd)") == true)
        #expect(found?.message.contains("'relu1' (com.example.Relu)") == true)
    }

    @Test(arguments: ["MaxPool", "AveragePool"], [[], [4]]) func whatIsNoImageIsNotPooled(op: String, shape: [Int]) {
        let graph = SampleGraphs.graph(
            [.init(op, name: "pool", inputs: ["x"], outputs: ["y"], attributes: ["kernel_shape": .ints([2])])],
            x: shape, y: shape)
        #expect(throws: MLOpsError.self) { try ONNXSession(graph, compute: Compute(threads: 1)) }
    }

    @Test func anUnknownAttributeIsRefused() throws {
        let found = try error { model in
            var attribute = ONNXAttributeProto()
            (attribute.name, attribute.type, attribute.i) = ("winograd", .int, 1)
            model.graph.node[4].attribute.append(attribute)
        }
        #expect(found?.code == .unsupported)
        #expect(found?.message.contains("winograd") == true)
    }

    @Test(arguments: [1, 6, 18, 99, -1]) func anotherOperatorSetIsRefused(version: Int64) throws {
        let found = try error { model in model.opsetImport[0].version = version }
        #expect(found?.code == .unsupported)
    }

    @Test func aValueThatNothingMakesIsRefused() throws {
        let found = try error { model in model.graph.node[4].input[0] = "nowhere" }
        #expect(found?.code == .corruptData)
        #expect(found?.message.contains("'conv1' takes 'nowhere'") == true)
    }

    @Test func aCycleIsRefused() throws {
        let found = try error { model in model.graph.node[4].input[0] = "r1" }
        #expect(found?.code == .corruptData)
        #expect(found?.message.contains("cycle") == true)
    }

    @Test func operatorsOutOfOrderAreRefused() throws {
        let found = try error { model in model.graph.node.swapAt(4, 6) }
        #expect(found?.code == .corruptData)
        #expect(found?.message.contains("come before") == true)
    }

    @Test func aValueMadeTwiceIsRefused() throws {
        let found = try error { model in model.graph.node[6].output[0] = "c1" }
        #expect(found?.code == .corruptData)
        #expect(found?.message.contains("'c1'") == true)
    }

    @Test func aConstantGivenTwiceIsRefused() throws {
        let found = try error { model in model.graph.initializer.append(model.graph.initializer[0]) }
        #expect(found?.code == .corruptData)
    }

    @Test func aNodeWithTooFewInputsIsRefused() throws {
        let found = try error { model in model.graph.node[5].input.removeLast() }
        #expect(found?.code == .corruptData)
        #expect(found?.message.contains("'bn'") == true)
    }

    @Test func weightsThatDoNotFitAreFoundWhenTheFileIsRead() throws {
        let found = try error { model in model.graph.node[8].input[1] = "conv1.weight" }
        #expect(found?.code == .corruptData)
        #expect(found?.message.contains("'conv2'") == true)
    }

    @Test func sizesBeyondTheLimitsAreRefused() throws {
        let files = try serializer.serialize(try SampleGraphs.classifier())
        let changes: [(inout ONNXLimits) -> Void] = [
            { $0.fileByteCount = 1000 }, { $0.nodeCount = 13 }, { $0.rank = 3 }, { $0.nameByteCount = 3 },
            { $0.elementCount = 1000 },
        ]
        for change in changes {
            var limits = ONNXLimits()
            change(&limits)
            let error = #expect(throws: MLOpsError.self) { try ONNXSerializer(limits: limits).deserialize(files) }
            #expect(error?.code == .limitExceeded || error?.message.contains("above the limit") == true)
        }
    }

    @Test func deepNestingIsRefusedBeforeTheStackOverflows() throws {
        // A length-delimited unknown field in itself, and a group in itself, each 100,000 deep.
        for opening: [UInt8] in [[0x3B], [0x0B]] {
            let bytes = Data([UInt8](repeating: opening[0], count: 100_000))
            let files = [try ModelFile(path: "model.onnx", bytes: bytes)]
            let error = #expect(throws: MLOpsError.self) { try serializer.deserialize(files) }
            #expect(error?.code == .corruptData)
        }
    }

    @Test func twoThousandDamagedFilesThrowOrRun() throws {
        let original = [UInt8](try serializer.serialize(try SampleGraphs.classifier(size: 6))[0].bytes)
        let input = try SampleGraphs.pictures(1, size: 6)
        var limits = ONNXLimits()
        limits.elementCount = 1 << 16
        let compute = Compute(threads: 1)
        var random = SeededGenerator(seed: 2000)
        var (refused, ran) = (0, 0)
        for round in 0..<2000 {
            var bytes = original
            for _ in 0..<(1 + round % 4) {
                switch random.integer(below: 3) {
                case 0: bytes[random.integer(below: bytes.count)] = UInt8(random.integer(below: 256))
                case 1: bytes.remove(at: random.integer(below: bytes.count))
                default: bytes.insert(UInt8(random.integer(below: 256)), at: random.integer(below: bytes.count))
                }
            }
            do {
                let files = [try ModelFile(path: "model.onnx", bytes: Data(bytes))]
                let graph = try ONNXSerializer(limits: limits).deserialize(files)
                let session = try ONNXSession(graph, compute: compute, limits: limits)
                let names = session.signature.inputs.map(\.name)
                _ = try session.run(Dictionary(names.map { ($0, input) }) { a, _ in a })
                ran += 1
            } catch is MLOpsError {
                refused += 1
            }
        }
        #expect(refused + ran == 2000)
        #expect(refused > 500)
    }
}
