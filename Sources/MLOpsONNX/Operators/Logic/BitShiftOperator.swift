internal import MLOpsCore

/// `BitShift`: the bits moved by so many places, with broadcasting; below zero counts as more places than there are.
struct BitShiftOperator: Operator {
    static let name = "BitShift"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet
    static let inputCount = 2...2
    private let isLeft: Bool

    init(_ node: inout NodeReader) throws {
        let direction = try node.string("direction") ?? ""
        guard direction == "LEFT" || direction == "RIGHT" else {
            throw MLOpsError(
                .invalidArgument, "The attribute 'direction' is '\(direction)'.", help: "Give LEFT or RIGHT.")
        }
        isLeft = direction == "LEFT"
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let a: ValueType = try inputs.required(0)
        _ = try a.elementType.expectWhole()
        return [try .broadcast(a, inputs.required(1), to: a.elementType)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let a: Value = try inputs.required(0)
        let b: Value = try inputs.required(1)
        try ValueType.expectOneType(a.elementType, b.elementType)
        return [try result(a.elementType.expectWhole(), a, b, in: context)]
    }

    private func result<Element: WholeElement>(
        _ type: Element.Type, _ a: Value, _ b: Value, in context: RunContext
    ) throws -> Value {
        try context.combine(a, as: type, b, as: type, to: a.elementType, as: type) {
            let places = $1 < 0 ? Element.bitWidth : Int(clamping: $1)
            return isLeft ? $0 << places : $0 >> places
        }
    }
}
