internal import MLOpsCore
internal import MLOpsTensor

/// An operator that changes the features of each row, and leaves their number as it is.
protocol FeatureTransform: Operator {
    /// Throws `invalidArgument` when rows can't have so many features.
    func check(features: Int) throws
    /// Changes one row.
    func apply(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, features: Int)
}

extension FeatureTransform {
    static var operatorSets: ClosedRange<Int> { OperatorSets.machineLearning.versions }
    static var inputCount: ClosedRange<Int> { 1...1 }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        _ = try x.elementType.numeric()
        if let features = x.shape?.last, features != -1 { try check(features: features) }
        return [ValueType(.float32, x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let value: Value = try inputs.required(0)
        let x = try value.converted(to: .float32, in: context).floats()
        guard let features = value.shape.last else {
            throw MLOpsError(.invalidArgument, "A single number has no features.", help: "Give rows of features.")
        }
        try check(features: features)
        let result = try context.tensor(value.shape)
        for row in 0..<(features == 0 ? 0 : x.count / features) {
            apply(x.pointer + row * features, into: result.pointer + row * features, features: features)
        }
        return [Value(floats: result)]
    }

    func check(features: Int) throws {}

    /// Throws `invalidArgument` unless there is one number, or one for each feature.
    func check(_ numbers: [Float], _ what: String, features: Int) throws {
        guard numbers.count == 1 || numbers.count == features else {
            throw MLOpsError(
                .invalidArgument, "'\(what)' has \(numbers.count) numbers for \(features) features.",
                help: "Give one for all, or one for each.")
        }
    }
}
