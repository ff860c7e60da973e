internal import MLOpsCore

/// An operator that moves the elements of its inputs, or tells whether they are equal, and does nothing else with them.
///
/// It is written for numbers. Strings it moves as well, as the numbers of their places in a list: see ``StringMover``.
protocol ElementMover: Operator {
    /// Whether an output holds elements of the inputs; all do, but for places and truth values.
    static func movesElements(to output: Int) -> Bool
}

extension ElementMover {
    static func movesElements(to output: Int) -> Bool { true }
    /// The operator for strings.
    static var forStrings: any Operator.Type { StringMover<Self>.self }
}

/// An operator that moves elements, for strings: it moves the places of the strings in a list of all that come in, in
/// rising order, so that equal ones have the same place and order is kept.
struct StringMover<Mover: ElementMover>: Operator {
    static var name: String { Mover.name }
    static var operatorSets: ClosedRange<Int> { Mover.operatorSets }
    static var inputCount: ClosedRange<Int> { Mover.inputCount }
    static var outputCount: ClosedRange<Int> { Mover.outputCount }
    private let mover: Mover

    init(_ node: inout NodeReader) throws { mover = try Mover(&node) }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let places = inputs.map { input -> ValueType? in
            guard let input, input.elementType == .bytes else { return input }
            return ValueType(.int64, input.shape)
        }
        return try mover.infer(places).enumerated().map { index, result in
            ValueType(Mover.movesElements(to: index) ? .bytes : result.elementType, result.shape)
        }
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let all = try inputs.compactMap { $0 }.filter { $0.elementType == .bytes }.flatMap { try $0.strings() }
        let list = Set(all).sorted { $0.lexicographicallyPrecedes($1) }
        let places = Dictionary(uniqueKeysWithValues: zip(list, list.indices))
        let numbers = try inputs.map { input -> Value? in
            guard let input, input.elementType == .bytes else { return input }
            return try context.integers(try input.strings().map { places[$0] ?? 0 }).reshaped(input.shape)
        }
        return try mover.run(numbers, in: context).enumerated().map { index, result in
            guard Mover.movesElements(to: index) else { return result }
            let strings = try result.integers().map { try Axes.places([$0], extent: list.count)[0] }
            return try context.strings(strings.map { list[$0] }, shape: result.shape)
        }
    }
}
