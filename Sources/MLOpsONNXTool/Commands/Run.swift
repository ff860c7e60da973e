import ArgumentParser
import Foundation
import MLOpsCore

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a file once, on given or random inputs, and show or save its outputs.")

    @OptionGroup var options: ModelOptions
    @OptionGroup var runtime: RuntimeOptions
    @OptionGroup var input: InputOptions

    @Option(help: "A folder to save the outputs in, as output_0.pb, output_1.pb …, with the inputs beside them.")
    var output: String?

    func run() async throws {
        let package = try ModelPackage(onnx: try options.bytes(), named: options.file)
        let signature = package.manifest.signature
        let runner = try runtime.onnxRuntime() ?? runtime.interpreter()
        let inputs = try input.values(for: signature)
        let outputs = try await runner.predictor(for: package).predict(inputs)
        if let output {
            try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
            for (kind, specs, values) in [("input", signature.inputs, inputs), ("output", signature.outputs, outputs)] {
                for (index, spec) in specs.enumerated() {
                    if let value = values[spec.name] {
                        try TensorFiles.write(value, to: "\(output)/\(kind)_\(index).pb")
                    }
                }
            }
        }
        try options.show(
            Outputs(tensors: signature.outputs.compactMap { spec in outputs[spec.name].map { .init(spec.name, $0) } }))
    }

    private struct Outputs: Codable, CustomStringConvertible {
        var tensors: [TensorSummary]
        var description: String { tensors.map(\.description).joined(separator: "\n") }
    }
}
