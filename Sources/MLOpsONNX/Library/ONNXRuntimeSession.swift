internal import Foundation
internal import MLOpsCore

/// A model that ONNX Runtime has opened.
struct ONNXRuntimeSession: Sendable {
    /// What the model takes and gives.
    let signature: ModelSignature
    private let interface: ONNXRuntimeInterface
    /// Kept alive as long as the session.
    private let environment: ONNXRuntimeObject
    private let session: ONNXRuntimeObject

    /// Opens the bytes of a model.
    init(model bytes: Data, interface: ONNXRuntimeInterface, environment: ONNXRuntimeObject, threads: Int) throws {
        typealias CreateOptions = @convention(c) (UnsafeMutablePointer<OpaquePointer?>) -> OpaquePointer?
        typealias SetThreads = @convention(c) (OpaquePointer, CInt) -> OpaquePointer?
        typealias Create =
            @convention(c) (
                OpaquePointer, UnsafeRawPointer, Int, OpaquePointer, UnsafeMutablePointer<OpaquePointer?>
            ) -> OpaquePointer?
        let options = try interface.make(.createSessionOptions, releasedBy: .releaseSessionOptions) {
            interface(.createSessionOptions, as: CreateOptions.self)(&$0)
        }
        try interface.check(
            interface(.setThreads, as: SetThreads.self)(options.pointer, CInt(threads)), .invalidArgument,
            help: "Give another number of threads.")
        guard !bytes.isEmpty else {
            throw MLOpsError(.corruptData, "The model file is empty.", help: "Export the model again.")
        }
        let create = interface(.createSessionFromArray, as: Create.self)
        session = try interface.make(
            .createSessionFromArray, releasedBy: .releaseSession, .corruptData,
            help: "The file is damaged, or holds operators that this version of ONNX Runtime does not know."
        ) { made in
            bytes.withUnsafeBytes { raw in
                raw.baseAddress.flatMap { create(environment.pointer, $0, raw.count, options.pointer, &made) }
            }
        }
        self.interface = interface
        self.environment = environment
        signature = try ONNXRuntimeSignature(interface: interface, session: session).read()
    }

    /// Runs the model: named inputs in, named outputs out.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when inputs do not fit.
    func run(_ inputs: [String: TensorValue]) throws -> [String: TensorValue] {
        try signature.check(inputs: inputs)
        let tensors = ONNXRuntimeTensors(interface: interface)
        let memory = try tensors.memory()
        let given = inputs.sorted { $0.key < $1.key }
        // Tensors of numbers lie in these copies while ONNX Runtime reads them.
        let copies = given.map { _, value in
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(value.bytes.count, 1), alignment: 64)
            copy.copyBytes(from: value.bytes)
            return copy
        }
        defer { for copy in copies { copy.deallocate() } }
        let values = try zip(given, copies).map { try tensors.make($0.value, elements: $1, memory) }
        let outputs = try withNames(given.map(\.key)) { inputNames in
            try withNames(signature.outputs.map(\.name)) { outputNames in
                try call(inputNames, values, outputNames)
            }
        }
        var results: [String: TensorValue] = [:]
        for (spec, output) in zip(signature.outputs, outputs) { results[spec.name] = try tensors.read(output) }
        return results
    }

    private typealias Names = UnsafePointer<UnsafePointer<CChar>?>

    private func call(_ inputNames: Names, _ inputs: [ONNXRuntimeObject], _ outputNames: Names) throws
        -> [ONNXRuntimeObject]
    {
        typealias Run =
            @convention(c) (
                OpaquePointer, OpaquePointer?, Names, UnsafePointer<OpaquePointer?>, Int, Names, Int,
                UnsafeMutablePointer<OpaquePointer?>
            ) -> OpaquePointer?
        var made = [OpaquePointer?](repeating: nil, count: signature.outputs.count)
        let pointers = inputs.map { Optional($0.pointer) }
        let status = interface(.run, as: Run.self)(
            session.pointer, nil, inputNames, pointers, inputs.count, outputNames, made.count, &made)
        let outputs = made.compactMap { $0.map { ONNXRuntimeObject($0, .releaseValue, interface) } }
        withExtendedLifetime(inputs) {}
        try interface.check(status, .invalidArgument, help: "Give inputs that the model can take.")
        guard outputs.count == made.count else {
            throw MLOpsError(
                .unavailable, "ONNX Runtime gave \(outputs.count) outputs instead of \(made.count).",
                help: "Use a library of another version.")
        }
        return outputs
    }

    private func withNames<Result>(_ names: [String], _ body: (Names) throws -> Result) rethrows -> Result {
        let copies = names.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return try copies.map { UnsafePointer($0) }.withUnsafeBufferPointer { buffer in
            // An empty array has no address; nothing is read through this one.
            guard let address = buffer.baseAddress else {
                return try withUnsafePointer(to: UnsafePointer<CChar>?.none) { try body($0) }
            }
            return try body(address)
        }
    }
}
