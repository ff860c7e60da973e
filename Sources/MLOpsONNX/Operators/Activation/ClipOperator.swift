internal import MLOpsCore
internal import MLOpsTensor

/// `Clip`: min(max(x, low), high); a bound that is left out does not bind. Since operator set 11 bounds are inputs.
struct ClipOperator: ElementFunctionOperator {
    static let name = "Clip"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet
    static let inputCount = 1...3

    init(_ node: inout NodeReader) throws {}

    func elementFunction(_ inputs: [ValueType?]) -> ElementFunction? {
        guard let x = inputs.first ?? nil, x.elementType == .float32 else { return nil }
        func limit(_ index: Int, _ open: Float) -> Float? {
            guard let input: ValueType = inputs.optional(index) else { return open }
            return try? input.constant.flatMap { try bound($0, Float.self) }
        }
        guard let low = limit(1, -.infinity), let high = limit(2, .infinity), low <= high else { return nil }
        return .clamp(low, high)
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        _ = try x.elementType.numeric()
        for bound in [inputs.optional(1), inputs.optional(2)].compactMap({ $0 })
        where bound.elementType != x.elementType {
            throw MLOpsError(
                .invalidArgument,
                "A bound is of the type \(bound.elementType.rawValue), not \(x.elementType.rawValue).",
                help: "Give bounds of the input's type.")
        }
        return [x.reshaped(x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let (low, high): (Value?, Value?) = (inputs.optional(1), inputs.optional(2))
        if x.elementType == .float32 {
            let (least, greatest) = (try bound(low, Float.self), try bound(high, Float.self))
            return [
                try x.mapFloats { source, target in
                    for i in source.indices { target[i] = Self.clip(source[i], least, greatest) }
                }
            ]
        }
        return [try clip(x.elementType.numeric(), x, low, high, in: context)]
    }

    private func clip<Element: NumericElement>(
        _ type: Element.Type, _ x: Value, _ low: Value?, _ high: Value?, in context: RunContext
    ) throws -> Value {
        let (least, greatest) = (try bound(low, type), try bound(high, type))
        return try context.make(x.elementType, x.shape, as: type) { target in
            x.read(as: type) { source in
                for i in source.indices { target[i] = Self.clip(source[i], least, greatest) }
            }
        }
    }

    private static func clip<Element: NumericElement>(_ x: Element, _ low: Element?, _ high: Element?) -> Element {
        var x = x
        if let low, x < low { x = low }
        if let high, x > high { x = high }
        return x
    }

    private func bound<Element: NumericElement>(_ value: Value?, _ type: Element.Type) throws -> Element? {
        guard let value else { return nil }
        guard value.count == 1, value.elementType == type.elementType else {
            throw MLOpsError(
                .invalidArgument, "A bound is \(value.elementType.rawValue)\(value.shape), not one number.",
                help: "Give a scalar of the input's type.")
        }
        return value.read(as: type) { $0[0] }
    }
}
