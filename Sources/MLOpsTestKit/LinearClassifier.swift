internal import Foundation
public import MLOpsCore

/// A real, tiny model to test with: softmax(W x + b) over a flattened input, and the runtime that opens it.
///
/// It stands in for a trained network wherever a package, a predictor or a runtime is needed.
public struct LinearClassifier: Predictor, Hashable {
    private struct Parameters: Codable, Hashable {
        var weights: [[Float]]
        var bias: [Float]
    }

    /// The format of its file.
    public static let format = ModelFormat("linear-json")

    /// One input, of the type `FP32` or `UINT8`, and one output `probabilities` `FP32[-1, classes]`.
    public let signature: ModelSignature
    private let parameters: Parameters

    /// Makes a model.
    ///
    /// - Parameters:
    ///   - input: the input; its first dimension is −1, and no other is.
    ///   - weights: a row for each class, with a weight for each element of a row of the input.
    ///   - bias: a number for each class.
    /// - Throws: ``MLOpsError`` with `invalidArgument` when the sizes don't fit together.
    public init(input: ModelSignature.TensorSpec, weights: [[Float]], bias: [Float]) throws {
        let size = try TensorValue.elementCount(of: Array(input.shape.dropFirst()))
        guard input.shape.first == -1, !weights.isEmpty, weights.count == bias.count,
            weights.allSatisfy({ $0.count == size }), [.float32, .uint8].contains(input.elementType)
        else {
            throw MLOpsError(
                .invalidArgument, "A linear model of \(weights.count) × \(weights.first?.count ?? 0) weights and "
                    + "\(bias.count) biases does not fit \(input.elementType.rawValue)\(input.shape).",
                help: "Give a row of \(size) weights and one bias for each class.")
        }
        signature = ModelSignature(
            inputs: [input], outputs: [.init("probabilities", .float32, shape: [-1, bias.count])])
        parameters = Parameters(weights: weights, bias: bias)
    }

    /// A model that reads `x` `FP32[-1, weights]`.
    public init(weights: [[Float]], bias: [Float]) throws {
        try self.init(input: .init("x", .float32, shape: [-1, weights.first?.count ?? 0]), weights: weights, bias: bias)
    }

    /// The probabilities of each row.
    public func predict(_ inputs: [String: TensorValue]) async throws -> [String: TensorValue] {
        try signature.check(inputs: inputs)
        guard let input = inputs[signature.inputs[0].name], let rows = input.shape.first else { return [:] }
        let x = input.elementType == .uint8 ? input.bytes.map { Float($0) / 255 } : try input.floats()
        var probabilities: [Float] = []
        for row in 0..<rows {
            let size = parameters.weights[0].count
            let logits = zip(parameters.weights, parameters.bias).map { weights, bias in
                zip(weights, x[row * size..<(row + 1) * size]).reduce(bias) { $0 + $1.0 * $1.1 }
            }
            let top = logits.max() ?? 0
            let powers = logits.map { Float(exp(Double($0 - top))) }
            let sum = powers.reduce(0, +)
            probabilities += powers.map { $0 / sum }
        }
        return ["probabilities": try TensorValue(shape: [rows, parameters.bias.count], floats: probabilities)]
    }

    /// A package of the model, with a golden vector for each of the given inputs.
    ///
    /// - Parameter skew: is added to what the golden vectors expect; above their tolerance of 10⁻⁴, they fail.
    public func package(
        named name: String, labels: [String], threshold: Double = 0, golden inputs: [TensorValue], skew: Float = 0
    ) async throws -> ModelPackage {
        var vectors: [ModelPackage.GoldenVector] = []
        for input in inputs {
            let named = [signature.inputs[0].name: input]
            let outputs = try await predict(named).mapValues {
                try TensorValue(shape: $0.shape, floats: $0.floats().map { $0 + skew })
            }
            vectors.append(.init(inputs: named, outputs: outputs))
        }
        return try ModelPackage(
            manifest: .init(
                name: name, format: Self.format, signature: signature, labels: labels, threshold: threshold,
                goldenVectors: vectors),
            files: [ModelFile(path: "model.json", bytes: CanonicalJSON.encode(parameters))])
    }

    /// Opens a package of this format.
    public init(package: ModelPackage) throws {
        guard package.manifest.format == Self.format, let input = package.manifest.signature.inputs.first else {
            throw MLOpsError(
                .unsupported, "The package '\(package.manifest.name)' is of the format '\(package.manifest.format)'.",
                help: "This runtime opens '\(Self.format)' only.")
        }
        let parameters = try CanonicalJSON.decode(
            Parameters.self, from: package.file("model.json").bytes, source: "model.json")
        try self.init(input: input, weights: parameters.weights, bias: parameters.bias)
    }
}

/// Opens packages of ``LinearClassifier``.
public struct LinearRuntime: ModelRuntime {
    /// Makes the runtime.
    public init() {}

    /// A predictor for the package's model.
    public func predictor(for package: ModelPackage) async throws -> any Predictor {
        try LinearClassifier(package: package)
    }
}
