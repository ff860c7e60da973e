internal import MLOpsCore
internal import MLOpsTensor

/// An operator that takes two tensors of one type, broadcast to one shape, element by element.
protocol BinaryArithmetic: Operator {
    init()
    /// The result for one pair of elements.
    static func apply<Element: NumericElement>(_ a: Element, _ b: Element) -> Element
}

extension BinaryArithmetic {
    static var inputCount: ClosedRange<Int> { 2...2 }

    init(_ node: inout NodeReader) throws { self.init() }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let a: ValueType = try inputs.required(0)
        let b: ValueType = try inputs.required(1)
        try ValueType.expectOneType(a.elementType, b.elementType)
        _ = try a.elementType.numeric()
        guard let x = a.shape, let y = b.shape else { return [a.reshaped(nil)] }
        return [a.reshaped(try Broadcast.shape(x, y))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let a: Value = try inputs.required(0)
        let b: Value = try inputs.required(1)
        try ValueType.expectOneType(a.elementType, b.elementType)
        if let image = try imageResult(a, b, in: context) { return [image] }
        // Floats by name, so that the compiler makes a loop of their own for them.
        if a.elementType == .float32 { return [try result(Float.self, a, b, in: context)] }
        return [try result(a.elementType.numeric(), a, b, in: context)]
    }

    private func result<Element: NumericElement>(
        _ type: Element.Type, _ a: Value, _ b: Value, in context: RunContext
    ) throws -> Value {
        try context.combine(a, as: type, b, as: type, to: a.elementType, as: type) { Self.apply($0, $1) }
    }

    /// The result with the channels last, when that is how the elements lie already: two images of one shape, or an
    /// image and one number for each channel or for all.
    private func imageResult(_ a: Value, _ b: Value, in context: RunContext) throws -> Value? {
        if a.isImage, b.isImage, a.shape == b.shape {
            let (x, y) = (try a.image(), try b.image())
            let result = try context.tensor(x.shape)
            for i in 0..<x.count { result.pointer[i] = Self.apply(x.pointer[i], y.pointer[i]) }
            return Value(image: result)
        }
        if a.isImage, let numbers = try channelNumbers(b, for: a) {
            return try result(of: a, numbers, in: context) { Self.apply($0, $1) }
        }
        if b.isImage, let numbers = try channelNumbers(a, for: b) {
            return try result(of: b, numbers, in: context) { Self.apply($1, $0) }
        }
        return nil
    }

    private func channelNumbers(_ value: Value, for image: Value) throws -> [Float]? {
        let channels = image.shape[1]
        guard value.shape.count <= 4 else { return nil }
        if value.count == 1 { return [Float](repeating: try value.floats().pointer[0], count: channels) }
        let aligned = [Int](repeating: 1, count: 4 - value.shape.count) + value.shape
        return aligned == [1, channels, 1, 1] ? try value.floats().values : nil
    }

    private func result(
        of image: Value, _ numbers: [Float], in context: RunContext, _ apply: (Float, Float) -> Float
    ) throws -> Value {
        let x = try image.image()
        let result = try context.tensor(x.shape)
        let channels = numbers.count
        guard channels > 0 else { return Value(image: result) }
        for pixel in stride(from: 0, to: x.count, by: channels) {
            for channel in 0..<channels {
                result.pointer[pixel + channel] = apply(x.pointer[pixel + channel], numbers[channel])
            }
        }
        return Value(image: result)
    }
}
