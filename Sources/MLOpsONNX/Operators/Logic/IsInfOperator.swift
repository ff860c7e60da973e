/// `IsInf`: whether it is infinite, of the signs that are asked for.
struct IsInfOperator: RealPredicate {
    static let name = "IsInf"
    static let operatorSets = 10...ONNXDocument.latestOperatorSet
    private let positive: Bool
    private let negative: Bool

    init(_ node: inout NodeReader) throws {
        positive = try node.flag("detect_positive", default: true)
        negative = try node.flag("detect_negative", default: true)
    }

    func holds(_ x: Double) -> Bool { x.isInfinite && (x > 0 ? positive : negative) }
}
