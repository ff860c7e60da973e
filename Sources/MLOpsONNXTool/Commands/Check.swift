import ArgumentParser
import MLOpsCore

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare what a file computes here with saved outputs, or with ONNX Runtime.",
        discussion: """
            With --data FOLDER the folder's input_0.pb … are the inputs and its output_0.pb … what is expected, as \
            ONNX's own test data is laid out. Else the ONNX Runtime at --library computes what is expected, for given \
            or random inputs. Whole numbers and texts must be equal, other numbers within the tolerance; those of a \
            model in 8 bits may differ by a step of its scale, which asks for a larger one. Exits with 1 when something \
            is not as expected.
            """)

    @OptionGroup var options: ModelOptions
    @OptionGroup var runtime: RuntimeOptions
    @OptionGroup var input: InputOptions

    @Option(help: "A folder with inputs and expected outputs.")
    var data: String?

    @Option(help: "The largest difference that passes, as a share of the expected number where that is above 1.")
    var tolerance = 1e-4

    func validate() throws {
        guard tolerance >= 0, tolerance.isFinite else {
            throw ValidationError("--tolerance takes a number from 0 on, not \(tolerance)")
        }
        if data != nil, runtime.library != nil || input.isGiven {
            throw ValidationError(
                "--data gives the inputs and what is expected: leave out --library, --inputs, --input and --shape")
        }
        if data == nil, runtime.library == nil {
            throw ValidationError("--data FOLDER or --library PATH says what is expected")
        }
    }

    func run() async throws {
        let package = try ModelPackage(onnx: try options.bytes(), named: options.file)
        let signature = package.manifest.signature
        let inputs =
            try data.map { try TensorFiles.readSet("input", in: $0, signature.inputs) }
            ?? input.values(for: signature)
        let expected: [String: TensorValue]
        if let data {
            expected = try TensorFiles.readSet("output", in: data, signature.outputs)
        } else {
            expected = try await runtime.onnxRuntime()?.predictor(for: package).predict(inputs) ?? [:]
        }
        let outputs = try await runtime.interpreter().predictor(for: package).predict(inputs)
        let comparison = try Comparison(signature.outputs.map(\.name), outputs, expected, tolerance: tolerance)
        try options.show(comparison)
        if !comparison.passes { throw ExitCode(1) }
    }
}
