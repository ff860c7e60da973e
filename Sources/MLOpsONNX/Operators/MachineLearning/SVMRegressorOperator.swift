internal import MLOpsCore
internal import MLOpsTensor

/// `SVMRegressor`: a weighted sum of each row's likeness to support vectors, or a linear function of the features; with
/// `one_class`, its sign.
struct SVMRegressorOperator: Operator {
    static let name = "ai.onnx.ml.SVMRegressor"
    static let operatorSets = OperatorSets.machineLearning.versions
    static let inputCount = 1...1
    private let kernel: SupportVectorKernel
    private let coefficients: [Float]
    private let vectors: [Float]
    private let vectorCount: Int
    private let features: Int
    private let offset: Float
    private let givesSign: Bool
    private let transform: ScoreTransform

    init(_ node: inout NodeReader) throws {
        kernel = try SupportVectorKernel(&node)
        coefficients = try node.floats("coefficients") ?? []
        vectors = try node.floats("support_vectors") ?? []
        vectorCount = try node.int("n_supports") ?? 0
        let rho = try node.floats("rho") ?? []
        givesSign = try node.flag("one_class", default: false)
        transform = try node.choice("post_transform", default: .none)
        let isVector = vectorCount > 0
        guard vectorCount >= 0, rho.count == 1, !coefficients.isEmpty,
            !isVector || (vectors.count % vectorCount == 0 && coefficients.count == vectorCount)
        else {
            throw MLOpsError(
                .invalidArgument,
                "\(vectors.count) numbers, \(coefficients.count) coefficients and \(rho.count) offsets do not make "
                    + "\(vectorCount) support vectors.",
                help: "Give as many features and one coefficient for each vector, and one offset.")
        }
        offset = rho[0]
        features = isVector ? vectors.count / vectorCount : coefficients.count
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        [try FeatureRows.infer(inputs.required(0), columns: 1, expecting: features)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let rows = try FeatureRows(inputs.required(0), in: context)
        try FeatureRows.expect(features, of: rows.features)
        let result = try context.tensor([rows.count, 1])
        vectors.withUnsafeBufferPointer { vectors in
            coefficients.withUnsafeBufferPointer { coefficients in
                guard let weights = coefficients.baseAddress else { return }
                for row in 0..<rows.count {
                    var sum: Float = 0
                    if vectorCount > 0, let first = vectors.baseAddress {
                        for vector in 0..<vectorCount {
                            let likeness = kernel.apply(
                                rows.row(row), first + vector * features, features: features)
                            sum += weights[vector] * likeness
                        }
                    } else {
                        sum = kernel.apply(rows.row(row), weights, features: features)
                    }
                    sum += offset
                    result.pointer[row] = givesSign ? (sum > 0 ? 1 : -1) : sum
                }
            }
        }
        if !givesSign {
            for row in 0..<rows.count {
                transform.apply(UnsafeMutableBufferPointer(start: result.pointer + row, count: 1))
            }
        }
        return [Value(floats: result)]
    }
}
