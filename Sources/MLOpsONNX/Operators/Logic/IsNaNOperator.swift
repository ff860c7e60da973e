/// `IsNaN`: whether it is no number.
struct IsNaNOperator: RealPredicate {
    static let name = "IsNaN"
    static let operatorSets = 9...ONNXDocument.latestOperatorSet

    init(_ node: inout NodeReader) throws {}

    func holds(_ x: Double) -> Bool { x.isNaN }
}
