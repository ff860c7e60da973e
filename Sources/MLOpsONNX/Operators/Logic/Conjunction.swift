internal import MLOpsCore

/// An operator that joins two tensors of truth values, broadcast to one shape, element by element.
protocol Conjunction: Operator {
    init()
    /// The result for one pair of truth values.
    static func apply(_ a: Bool, _ b: Bool) -> Bool
}

extension Conjunction {
    static var inputCount: ClosedRange<Int> { 2...2 }

    init(_ node: inout NodeReader) throws { self.init() }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let a: ValueType = try inputs.required(0)
        try a.elementType.expectTruth()
        return [try .broadcast(a, inputs.required(1), to: .bool)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let a: Value = try inputs.required(0)
        let b: Value = try inputs.required(1)
        try a.elementType.expectTruth()
        try b.elementType.expectTruth()
        return [
            try context.combine(a, as: UInt8.self, b, as: UInt8.self, to: .bool, as: UInt8.self) {
                Self.apply($0 != 0, $1 != 0) ? 1 : 0
            }
        ]
    }
}

extension ElementType {
    /// Throws `unsupported` for all but truth values.
    func expectTruth() throws {
        guard self == .bool else { throw MLOpsError.unsupported(self, instead: "BOOL") }
    }
}
