import ArgumentParser
import Foundation
import MLOpsCore
import MLOpsDeploy

struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Time a file, with percentiles; beside ONNX Runtime when --library is given, turn by turn.",
        discussion: "JSON gives times in seconds.")

    @OptionGroup var options: ModelOptions
    @OptionGroup var runtime: RuntimeOptions
    @OptionGroup var input: InputOptions

    @Option(help: "How many runs are timed.")
    var runs = 100

    @Option(help: "How many runs come before them.")
    var warmUp = 5

    func validate() throws {
        if runs < 1 || runs > 1_000_000 { throw ValidationError("--runs takes 1 to 1000000, not \(runs)") }
        if warmUp < 0 { throw ValidationError("--warm-up takes 0 or more, not \(warmUp)") }
    }

    func run() async throws {
        let package = try ModelPackage(onnx: try options.bytes(), named: options.file)
        let inputs = try input.values(for: package.manifest.signature)
        var contenders = [Contender(name: "swift-mlops", runtime: runtime.interpreter())]
        if let library = try runtime.onnxRuntime() {
            contenders.append(Contender(name: "ONNX Runtime", runtime: library))
        }
        for index in contenders.indices { try await contenders[index].open(package) }
        for round in -warmUp..<runs {
            for index in contenders.indices { try await contenders[index].run(inputs, isTimed: round >= 0) }
        }
        let timings = contenders.compactMap(\.timing)
        let ratio = timings.count == 2 ? timings[1].latency.p50 / timings[0].latency.p50 : nil
        try options.show(Timings(threads: runtime.threadCount, contenders: timings, ratio: ratio))
    }

    private struct Contender {
        let name: String
        let runtime: any ModelRuntime
        private var predictor: (any Predictor)?
        private var opening = 0.0
        private var seconds: [Double] = []

        init(name: String, runtime: any ModelRuntime) { (self.name, self.runtime) = (name, runtime) }

        mutating func open(_ package: ModelPackage) async throws {
            let start = ContinuousClock.now
            predictor = try await runtime.predictor(for: package)
            opening = (ContinuousClock.now - start) / .seconds(1)
        }

        mutating func run(_ inputs: [String: TensorValue], isTimed: Bool) async throws {
            let start = ContinuousClock.now
            _ = try await predictor?.predict(inputs)
            if isTimed { seconds.append((ContinuousClock.now - start) / .seconds(1)) }
        }

        var timing: Timing? { LatencySummary(seconds).map { Timing(name: name, opening: opening, latency: $0) } }
    }

    private struct Timing: Codable {
        var name: String
        /// Seconds until the model was ready.
        var opening: Double
        var latency: LatencySummary
    }

    private struct Timings: Codable, CustomStringConvertible {
        var threads: Int
        var contenders: [Timing]
        /// How many times as fast as ONNX Runtime, by the median.
        var ratio: Double?

        var description: String {
            let lines = contenders.map { timing in
                let ms = [timing.latency.p50, timing.latency.p95, timing.latency.p99, timing.latency.maximum]
                    .map { String(format: "%9.3f", 1000 * $0) }.joined()
                return Self.column(timing.name) + ms + String(format: "   opened in %.1f ms", 1000 * timing.opening)
            }
            let head =
                Self.column("milliseconds, \(threads) thread\(threads == 1 ? "" : "s")")
                + "      p50      p95      p99      max"
            let last = ratio.map { [String(format: "%.2f times as fast as ONNX Runtime", $0)] } ?? []
            return ([head] + lines + last).joined(separator: "\n")
        }

        private static func column(_ text: String) -> String { text.padding(toLength: 26, withPad: " ", startingAt: 0) }
    }
}
