public import MLOpsCore
public import MLOpsTensor

/// Opens packages of the format ONNX with the interpreter of this library: pure Swift, nothing to install.
public struct ONNXModelRuntime: ModelRuntime {
    private let compute: Compute
    private let limits: ONNXLimits

    /// Makes a runtime whose predictors share the given kernels and their threads.
    public init(compute: Compute = Compute(), limits: ONNXLimits = ONNXLimits()) {
        self.compute = compute
        self.limits = limits
    }

    /// A predictor for the package's file `model.onnx`, with the package's signature.
    ///
    /// - Throws: ``MLOpsError`` with `unsupported` for a package of another format or a model with operators that are
    ///   not known, `corruptData` for a damaged model or one whose inputs and outputs are not those of the package.
    public func predictor(for package: ModelPackage) async throws -> any Predictor {
        let session = try ONNXSession(model: Self.modelFile(of: package).bytes, compute: compute, limits: limits)
        try Self.check(session.signature, against: package)
        return ONNXPredictor(session: session, signature: package.manifest.signature)
    }

    /// The file `model.onnx` of a package; throws `unsupported` for another format, `corruptData` when it is missing.
    static func modelFile(of package: ModelPackage) throws -> ModelFile {
        guard package.manifest.format == .onnx else {
            throw MLOpsError(
                .unsupported, "The package '\(package.manifest.name)' is of the format \(package.manifest.format).",
                help: "Open it with a runtime for that format; this one opens onnx.")
        }
        guard let file = package.files.first(where: { $0.path == ONNXSerializer.path }) else {
            throw MLOpsError(
                .corruptData, "The package '\(package.manifest.name)' has no file '\(ONNXSerializer.path)'.",
                help: "Its files are \(package.files.map(\.path)); package the model again.")
        }
        return file
    }

    /// Throws `corruptData` when a model takes or gives something else than its package says.
    static func check(_ model: ModelSignature, against package: ModelPackage) throws {
        let signature = package.manifest.signature
        guard agree(signature.inputs, model.inputs), agree(signature.outputs, model.outputs) else {
            throw MLOpsError(
                .corruptData,
                "The package '\(package.manifest.name)' states the signature \(signature), "
                    + "but its model has \(model).",
                help: "Package the model with its own signature.")
        }
    }

    /// Whether both name the same tensors, of one type, and of extents that can be equal.
    private static func agree(_ a: [ModelSignature.TensorSpec], _ b: [ModelSignature.TensorSpec]) -> Bool {
        a.count == b.count
            && a.allSatisfy { spec in
                b.contains { other in
                    other.name == spec.name && other.elementType == spec.elementType
                        && other.shape.count == spec.shape.count
                        && zip(other.shape, spec.shape).allSatisfy { $0 == $1 || $0 == -1 || $1 == -1 }
                }
            }
    }
}

/// A session behind the signature of its package.
private struct ONNXPredictor: Predictor {
    let session: ONNXSession
    let signature: ModelSignature

    func predict(_ inputs: [String: TensorValue]) async throws -> [String: TensorValue] {
        try signature.check(inputs: inputs)
        return try session.run(inputs)
    }
}
