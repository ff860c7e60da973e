public import Foundation
public import MLOpsCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The ONNX Runtime library, loaded from a file when the program runs, as a ``ModelRuntime``.
///
/// For models with operators that the interpreter of this library does not know, or to compare with it. Nothing is
/// linked: a program that never makes one needs no ONNX Runtime. It runs on the processor, with the graph
/// optimizations that ONNX Runtime has switched on by itself.
///
/// Source: the C interface of ONNX Runtime, version 1 of its table of functions, to which later versions only append.
public struct ONNXRuntimeLibrary: ModelRuntime {
    /// The version of the library, such as `1.32.0`.
    public let version: String
    private let interface: ONNXRuntimeInterface
    private let threads: Int
    private let environment: ONNXRuntimeObject

    /// Loads the library.
    ///
    /// - Parameters:
    ///   - path: the file, such as `libonnxruntime.so` (`onnxruntime/capi` of the Python package holds one).
    ///   - threads: the number of threads that one prediction uses.
    /// - Throws: ``MLOpsError`` with `notFound` when there is no such file, `unavailable` when it can't be loaded,
    ///   `unsupported` when it is another library, `invalidArgument` for fewer threads than 1.
    public init(at path: URL, threads: Int = 1) throws {
        guard threads >= 1, threads <= 1024 else {
            throw MLOpsError(
                .invalidArgument, "ONNX Runtime can't use \(threads) threads.", help: "Give a number from 1 to 1024.")
        }
        guard FileManager.default.fileExists(atPath: path.path) else {
            throw MLOpsError(
                .notFound, "There is no ONNX Runtime library at '\(path.path)'.",
                help: "Install ONNX Runtime and give the path of libonnxruntime.so, or use ONNXModelRuntime, which "
                    + "needs no library.")
        }
        // Never unloaded: its threads and static objects live as long as the process.
        guard let handle = dlopen(path.path, RTLD_NOW | RTLD_LOCAL) else {
            throw MLOpsError(
                .unavailable, "'\(path.path)' can't be loaded: \(dlerror().map { String(cString: $0) } ?? "").",
                help: "Give a library for this processor and operating system.")
        }
        guard let entry = dlsym(handle, "OrtGetApiBase"), let loaded = ONNXRuntimeInterface(entry: entry) else {
            throw MLOpsError(
                .unsupported, "'\(path.path)' is not ONNX Runtime: it has no function OrtGetApiBase.",
                help: "Give the path of libonnxruntime.so.")
        }
        interface = loaded
        version = loaded.version
        self.threads = threads
        environment = try loaded.makeEnvironment()
    }

    /// A predictor for the package's file `model.onnx`, with the package's signature.
    ///
    /// - Throws: ``MLOpsError`` with `unsupported` for a package of another format, `corruptData` for a model that
    ///   ONNX Runtime can't open or whose inputs and outputs are not those of the package.
    public func predictor(for package: ModelPackage) async throws -> any Predictor {
        let file = try ONNXModelRuntime.modelFile(of: package)
        let session = try ONNXRuntimeSession(
            model: file.bytes, interface: interface, environment: environment, threads: threads)
        try ONNXModelRuntime.check(session.signature, against: package)
        return ONNXRuntimePredictor(session: session, signature: package.manifest.signature)
    }
}

/// A session of ONNX Runtime behind the signature of its package.
private struct ONNXRuntimePredictor: Predictor {
    let session: ONNXRuntimeSession
    let signature: ModelSignature

    func predict(_ inputs: [String: TensorValue]) async throws -> [String: TensorValue] {
        try signature.check(inputs: inputs)
        return try session.run(inputs)
    }
}
