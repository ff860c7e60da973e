import ArgumentParser
import Foundation
import MLOpsCore
import MLOpsONNX
import MLOpsTensor

/// What every subcommand takes.
struct ModelOptions: ParsableArguments {
    @Argument(help: "The ONNX file.")
    var file: String

    @Flag(help: "Print results as JSON, for programs.")
    var json = false

    /// The bytes of the file.
    func bytes() throws -> Data {
        let url = URL(filePath: file)
        if (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true {
            throw MLOpsError(.invalidArgument, "'\(file)' is a folder.", help: "Give the path of an ONNX file.")
        }
        do { return try Data(contentsOf: url, options: .mappedIfSafe) } catch {
            throw MLOpsError(
                .notFound, "The file '\(file)' can't be read.", help: "Give the path of an ONNX file.", cause: error)
        }
    }

    /// Prints a result for a person, or as JSON.
    func show(_ result: some Encodable & CustomStringConvertible) throws {
        print(json ? String(decoding: try CanonicalJSON.encodePretty(result), as: UTF8.self) : "\(result)")
    }
}

/// What runs a model.
struct RuntimeOptions: ParsableArguments {
    @Option(help: "How many threads to use; all cores by default.")
    var threads: Int?

    @Option(help: "The path of libonnxruntime.so: ONNX Runtime runs the model, or runs it beside this package.")
    var library: String?

    func validate() throws { try Self.check(threads: threads) }

    static func check(threads: Int?) throws {
        if let threads, !(1...256).contains(threads) {
            throw ValidationError("--threads takes 1 to 256, not \(threads)")
        }
    }

    /// The number of threads, with the default worked out.
    var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

    /// The interpreter of this package.
    func interpreter() -> any ModelRuntime { ONNXModelRuntime(compute: Compute(threads: threadCount)) }

    /// ONNX Runtime, when its path was given.
    func onnxRuntime() throws -> (any ModelRuntime)? {
        try library.map { try ONNXRuntimeLibrary(at: URL(filePath: $0), threads: threadCount) }
    }
}

extension ModelPackage {
    /// A file by itself as a package with the signature that it states.
    init(onnx bytes: Data, named name: String) throws {
        guard let signature = try ONNXSummary(of: bytes).signature else {
            throw MLOpsError(
                .unsupported, "'\(name)' takes or gives values that are no tensors, or tensors of unknown rank.",
                help: "Export it with tensors of known rank as inputs and outputs.")
        }
        try self.init(
            manifest: .init(name: "model", format: .onnx, signature: signature, labels: []),
            files: [ModelFile(path: ONNXSerializer.path, bytes: bytes)])
    }
}
