/// A model that is ready to predict.
///
/// Promises of a conformer:
/// - Equal inputs give equal outputs, bit for bit, whatever else runs; calls may run concurrently.
/// - Inputs that do not fit ``signature`` throw ``MLOpsError`` with `invalidArgument`; the predictor stays usable.
/// - The first dimension is the batch: row i of each output belongs to row i of each input.
public protocol Predictor: Sendable {
    /// What it takes and gives.
    var signature: ModelSignature { get }
    /// Predicts: named inputs in, named outputs out.
    func predict(_ inputs: [String: TensorValue]) async throws -> [String: TensorValue]
}

/// Opens a package for prediction. The pure-Swift ONNX interpreter is one; ONNX Runtime can be another.
///
/// Promises of a conformer: a package of a format it can't read throws `unsupported`, a damaged one `corruptData`;
/// nothing in a package is executed as code.
public protocol ModelRuntime: Sendable {
    /// A predictor for the package's model.
    func predictor(for package: ModelPackage) async throws -> any Predictor
}

/// Turns encoded bytes, such as a JPEG or a row of JSON, into the tensor a model takes: the same way in training and in
/// serving.
///
/// Promises of a conformer: bytes that can't be decoded throw `corruptData`; sizes are checked before memory is taken.
public protocol InputDecoder: Sendable {
    /// Whether it decodes bytes for such an input; by default pictures, `UINT8` [N, height, width, 3].
    func decodes(_ spec: ModelSignature.TensorSpec) -> Bool
    /// The elements of one row of the batch, of the shape `spec.shape` without its first dimension.
    func decode(_ bytes: [UInt8], for spec: ModelSignature.TensorSpec) throws -> TensorValue
}

extension InputDecoder {
    /// Whether the input is one of pictures, `UINT8` [N, height, width, 3].
    public func decodes(_ spec: ModelSignature.TensorSpec) -> Bool {
        spec.elementType == .uint8 && spec.shape.count == 4 && spec.shape[3] == 3
    }
}
