internal import Foundation
internal import MLOpsCore

/// `Mod`: what is left of a after whole times b, with broadcasting: of the sign of b, or of a where `fmod` is set, as it
/// must be for floats. Of a whole number and 0, which the standard leaves open, it is 0.
struct ModOperator: Operator {
    static let name = "Mod"
    static let operatorSets = 10...ONNXDocument.latestOperatorSet
    static let inputCount = 2...2
    private let takesSignOfFirst: Bool

    init(_ node: inout NodeReader) throws { takesSignOfFirst = try node.flag("fmod", default: false) }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let a: ValueType = try inputs.required(0)
        try check(a.elementType)
        return [try .broadcast(a, inputs.required(1), to: a.elementType)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let a: Value = try inputs.required(0)
        let b: Value = try inputs.required(1)
        try check(a.elementType)
        try ValueType.expectOneType(a.elementType, b.elementType)
        if let whole = a.elementType.whole { return [try remainder(whole: whole, a, b, in: context)] }
        return [try remainder(a.elementType.real(), a, b, in: context)]
    }

    private func remainder<Element: WholeElement>(
        whole type: Element.Type, _ a: Value, _ b: Value, in context: RunContext
    ) throws -> Value {
        try context.combine(a, as: type, b, as: type, to: a.elementType, as: type) { a, b in
            guard b != 0 else { return 0 }
            let rest = a.remainderReportingOverflow(dividingBy: b).partialValue
            return takesSignOfFirst || rest == 0 || (rest < 0) == (b < 0) ? rest : rest &+ b
        }
    }

    private func remainder<Element: CastableElement>(
        _ type: Element.Type, _ a: Value, _ b: Value, in context: RunContext
    ) throws -> Value {
        try context.combine(a, as: type, b, as: type, to: a.elementType, as: type) {
            Element(rounding: fmod($0.real, $1.real))
        }
    }

    private func check(_ elementType: ElementType) throws {
        guard elementType.whole != nil || (elementType.isReal && takesSignOfFirst) else {
            throw MLOpsError(
                .unsupported, "Mod of \(elementType.rawValue) is not defined without fmod.", help: "Set fmod to 1.")
        }
    }
}
