import ArgumentParser
import MLOpsCore

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a file once, on given or random inputs, and show or save its outputs.")

    @OptionGroup var options: ModelOptions
    @OptionGroup var runtime: RuntimeOptions
    @OptionGroup var input: InputOptions

    @Option(help: "A new or empty folder to save the outputs in, as output_0.pb …, with the inputs as input_0.pb ….")
    var output: String?

    func run() async throws {
        let package = try ModelPackage(onnx: try options.bytes(), named: options.file)
        let signature = package.manifest.signature
        let runner = try runtime.onnxRuntime() ?? runtime.interpreter()
        let inputs = try input.values(for: signature)
        let outputs = try await runner.predictor(for: package).predict(inputs)
        if let output {
            try TensorFiles.write(
                [("input", signature.inputs, inputs), ("output", signature.outputs, outputs)], to: output)
        }
        try options.show(
            Outputs(
                tensors: signature.outputs.compactMap { spec in
                    try outputs[spec.name].map { try TensorSummary(spec.name, $0) }
                }))
    }

    private struct Outputs: Encodable, CustomStringConvertible {
        var tensors: [TensorSummary]
        var description: String { tensors.map(\.description).joined(separator: "\n") }
    }
}
