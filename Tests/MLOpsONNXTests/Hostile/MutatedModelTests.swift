import Foundation
import MLOpsCore
import MLOpsONNX
import MLOpsTensor
import Testing

/// Files by others, changed at random: opening and running them throws an ``MLOpsError`` or gives outputs, within limits
/// on elements, strings and iterations; one that does not end, ends the test with it. `.ci/fuzz` gives the files.
@Suite struct MutatedModelTests {
    private static let folder = ProcessInfo.processInfo.environment["MLOPS_FUZZ_MODELS"]
    private static let count = ProcessInfo.processInfo.environment["MLOPS_FUZZ_COUNT"].flatMap(Int.init) ?? 1000
    private static let seed = ProcessInfo.processInfo.environment["MLOPS_FUZZ_SEED"].flatMap(UInt64.init) ?? 1

    // The limit of time ends what hangs; it is far above what any number of files takes.
    @Test(.enabled(if: folder != nil, "MLOPS_FUZZ_MODELS names no folder"), .timeLimit(.minutes(60)))
    func everyChangedFileIsRefusedOrRuns() throws {
        let root = URL(filePath: try #require(Self.folder))
        let paths = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
        let models = try paths.filter { $0.hasSuffix(".onnx") }.sorted().map {
            (name: $0, bytes: try Data(contentsOf: root.appending(path: $0)))
        }.filter { $0.bytes.count <= 1 << 20 }
        try #require(!models.isEmpty, "there are no models of at most 1 MiB in \(root.path)")
        let compute = Compute(threads: 1)
        var limits = ONNXLimits()
        limits.elementCount = 1 << 20
        limits.iterationCount = 1 << 12
        limits.stringByteCount = 1 << 24
        var counts = (refused: 0, ran: 0)
        var slowest = (name: "", seconds: 0.0)
        let log = FileHandle(forWritingAtPath: "/dev/stderr")
        for round in 0..<Self.count {
            // Each case can be made again by itself from the seed and its number.
            var mutator = ModelMutator(seed: Self.seed &+ UInt64(round))
            let model = models[round % models.count]
            let bytes = try mutator.mutate(model.bytes)
            if ProcessInfo.processInfo.environment["MLOPS_FUZZ_VERBOSE"] != nil {
                log?.write(Data("\(round) \(model.name)\n".utf8))
            }
            let start = ContinuousClock.now
            do {
                let session = try ONNXSession(model: bytes, compute: compute, limits: limits)
                _ = try session.run(try mutator.inputs(for: session.signature, most: limits.elementCount))
                counts.ran += 1
            } catch is MLOpsError { counts.refused += 1 }
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            if seconds > slowest.seconds { slowest = ("\(round) of \(model.name)", seconds) }
        }
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") }
        print(
            "\(models.count) files, \(Self.count) changed: \(counts.refused) refused, \(counts.ran) ran; "
                + "the slowest took \(slowest.seconds) s (\(slowest.name)); \(peak ?? "")")
        #expect(counts.refused + counts.ran == Self.count)
    }
}
