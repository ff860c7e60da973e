internal import MLOpsCore

/// `Range`: start, start + delta, … up to before the limit.
struct RangeOperator: Operator {
    static let name = "Range"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet
    static let inputCount = 3...3

    /// 16-bit floats are computed with in 64 bits, whatever `stash_type` asks for.
    init(_ node: inout NodeReader) throws { if node.operatorSet >= 27 { _ = try node.int("stash_type") } }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let all: [ValueType] = try (0..<3).map { try inputs.required($0) }
        let type = all[0].elementType
        guard all.allSatisfy({ $0.elementType == type }) else {
            throw MLOpsError(
                .invalidArgument, "The inputs are of the types \(all.map(\.elementType.rawValue)).",
                help: "Cast them to one type.")
        }
        if type.whole == nil { _ = try type.real() }
        let constants = all.compactMap(\.constant)
        guard constants.count == 3 else { return [ValueType(type, [-1])] }
        return [ValueType(type, [try count(constants)])]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let all: [Value] = try (0..<3).map { try inputs.required($0) }
        return [try range(all[0].elementType.castable(), all, in: context)]
    }

    private func range<Element: CastableElement>(
        _ type: Element.Type, _ inputs: [Value], in context: RunContext
    ) throws -> Value {
        let count = try count(inputs)
        let (start, delta) = (try number(inputs[0], type), try number(inputs[2], type))
        return try context.make(inputs[0].elementType, [count], as: type) { target in
            for i in target.indices {
                target[i] =
                    Element.isWhole
                    ? Element(wrapping: start.whole &+ Int64(i) &* delta.whole)
                    : Element(rounding: start.real + Double(i) * delta.real)
            }
        }
    }

    private func count(_ inputs: [Value]) throws -> Int { try count(inputs[0].elementType.castable(), inputs) }

    private func count<Element: CastableElement>(_ type: Element.Type, _ inputs: [Value]) throws -> Int {
        let numbers = try inputs.map { try number($0, type) }
        guard Element.isWhole else {
            return try count(((numbers[1].real - numbers[0].real) / numbers[2].real).rounded(.up), numbers[2].real)
        }
        let (way, isTooFar) = numbers[1].whole.subtractingReportingOverflow(numbers[0].whole)
        let step = numbers[2].whole
        guard !isTooFar, step != 0 else { return try count(step == 0 ? .nan : .infinity, Double(step)) }
        guard way != 0, (way > 0) == (step > 0) else { return 0 }
        return try count(Double((way.magnitude - 1) / step.magnitude) + 1, Double(step))
    }

    private func count(_ steps: Double, _ delta: Double) throws -> Int {
        guard delta != 0, !steps.isNaN, steps < 0x1p40 else {
            throw MLOpsError(
                .invalidArgument, "The range has \(steps) steps of \(delta).",
                help: "Give finite numbers, a step that is not 0, and a limit that can be reached.")
        }
        return Int(max(steps, 0))
    }

    private func number<Element: CastableElement>(_ value: Value, _ type: Element.Type) throws -> Element {
        guard value.count == 1 else {
            throw MLOpsError(
                .invalidArgument, "An input has the shape \(value.shape), not one element.", help: "Give a scalar.")
        }
        return value.read(as: type) { $0[0] }
    }
}
