import ArgumentParser
import Foundation
import MLOpsCore

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare what a file computes here with saved outputs, or with ONNX Runtime.",
        discussion: """
            With --data FOLDER the folder's input_0.pb … are the inputs and its output_0.pb … what is expected, as \
            ONNX's own test data is laid out. Else the ONNX Runtime at --library computes what is expected. \
            Exits with 1 when a difference is larger than the tolerance.
            """)

    @OptionGroup var options: ModelOptions
    @OptionGroup var runtime: RuntimeOptions
    @OptionGroup var input: InputOptions

    @Option(help: "A folder with inputs and expected outputs.")
    var data: String?

    @Option(help: "The largest difference that passes, as a share of the expected value where that is above 1.")
    var tolerance = 1e-4

    func run() async throws {
        let package = try ModelPackage(onnx: try options.bytes(), named: options.file)
        let signature = package.manifest.signature
        let inputs =
            try data.map { try TensorFiles.readSet("input", in: $0, signature.inputs) }
            ?? input.values(for: signature)
        let expected: [String: TensorValue]
        if let data {
            expected = try TensorFiles.readSet("output", in: data, signature.outputs)
        } else if let library = try runtime.onnxRuntime() {
            expected = try await library.predictor(for: package).predict(inputs)
        } else {
            throw ValidationError("--data FOLDER or --library PATH says what is expected")
        }
        let outputs = try await runtime.interpreter().predictor(for: package).predict(inputs)
        let comparison = Comparison(signature.outputs.map(\.name), outputs, expected, tolerance: tolerance)
        try options.show(comparison)
        if !comparison.passes { throw ExitCode(1) }
    }
}

/// How far outputs are from what is expected.
struct Comparison: Codable, CustomStringConvertible {
    struct Output: Codable {
        var name: String
        /// The largest difference; `nil` where types or shapes differ.
        var difference: Double?
    }

    var outputs: [Output]
    var tolerance: Double
    var passes: Bool

    init(
        _ names: [String], _ outputs: [String: TensorValue], _ expected: [String: TensorValue], tolerance: Double
    ) {
        self.outputs = names.map { Output(name: $0, difference: Self.difference(outputs[$0], expected[$0])) }
        self.tolerance = tolerance
        passes = self.outputs.allSatisfy { ($0.difference ?? .infinity) <= tolerance }
    }

    private static func difference(_ a: TensorValue?, _ b: TensorValue?) -> Double? {
        guard let a, let b, a.elementType == b.elementType, a.shape == b.shape else { return nil }
        if a.elementType == .bytes { return a == b ? 0 : nil }
        return zip(a.numbers(), b.numbers()).reduce(0) { worst, pair in
            let (x, y) = pair
            if x == y || (x.isNaN && y.isNaN) { return worst }
            let difference = abs(x - y) / max(1, abs(y))
            return difference.isNaN ? .infinity : max(worst, difference)
        }
    }

    var description: String {
        let lines = outputs.map { output in
            let difference = output.difference.map { String(format: "largest difference %.3g", $0) }
            return "\(output.name)  \(difference ?? "of another type, shape or text")"
        }
        return (lines + [passes ? "passed" : "failed: a difference above \(tolerance)"]).joined(separator: "\n")
    }
}
