internal import MLOpsCore
internal import MLOpsTensor

/// Linear functions of the features: coefficients [K, F] and one intercept for each, or none.
struct LinearScores: Sendable {
    /// How many functions there are.
    let count: Int
    /// The number of features.
    let features: Int
    private let coefficients: [Float]
    private let intercepts: [Float]

    /// Throws `invalidArgument` when the numbers do not go together.
    init(coefficients: [Float], intercepts: [Float], count: Int) throws {
        guard count >= 1, !coefficients.isEmpty, coefficients.count % count == 0,
            intercepts.isEmpty || intercepts.count == count
        else {
            throw MLOpsError(
                .invalidArgument,
                "\(coefficients.count) coefficients and \(intercepts.count) intercepts do not make \(count) functions.",
                help: "Give one coefficient for each function and feature.")
        }
        (self.coefficients, self.intercepts, self.count) = (coefficients, intercepts, count)
        features = coefficients.count / count
    }

    /// The scores [N, K] of rows.
    func scores(of rows: FeatureRows, in context: RunContext) throws -> Tensor {
        guard rows.features == features else {
            throw MLOpsError(
                .invalidArgument, "Rows have \(rows.features) features, but the model needs \(features).",
                help: "Give the features that the model was fitted on.")
        }
        let result = try context.tensor([rows.count, count])
        for row in 0..<rows.count {
            let x = rows.row(row)
            for function in 0..<count {
                var sum: Float = 0
                let first = function * features
                for feature in 0..<features { sum += x[feature] * coefficients[first + feature] }
                result.pointer[row * count + function] = sum + (intercepts.isEmpty ? 0 : intercepts[function])
            }
        }
        return result
    }
}
