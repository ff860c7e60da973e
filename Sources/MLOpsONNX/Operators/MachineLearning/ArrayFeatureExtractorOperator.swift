internal import MLOpsCore

/// `ArrayFeatureExtractor`: the features at given places, along the last axis.
struct ArrayFeatureExtractorOperator: ElementMover {
    static let name = "ai.onnx.ml.ArrayFeatureExtractor"
    static let operatorSets = OperatorSets.machineLearning.versions
    static let inputCount = 2...2

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let places: ValueType = try inputs.required(1)
        _ = try x.elementType.carrier()
        try places.expectIndices()
        guard let shape = x.shape, !shape.isEmpty else { return [x.reshaped(nil)] }
        let count = places.shape.map { Axes.product($0) } ?? -1
        return [x.reshaped((shape.count == 1 ? [1] : Array(shape.dropLast())) + [count])]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let places: Value = try inputs.required(1)
        guard let features = x.shape.last else {
            throw MLOpsError(.invalidArgument, "A single number has no features.", help: "Give rows of features.")
        }
        let indices = try Axes.places(places.integers(), extent: features)
        let result = try GatherOperator.gather(x, indices, along: x.shape.count - 1, in: context)
        return [x.shape.count == 1 ? result.reshaped([1, indices.count]) : result]
    }
}
