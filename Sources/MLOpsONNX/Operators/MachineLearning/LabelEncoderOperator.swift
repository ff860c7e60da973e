internal import MLOpsCore

/// `LabelEncoder`: each element as the value that belongs to it as a key, or a default.
struct LabelEncoderOperator: Operator {
    static let name = "ai.onnx.ml.LabelEncoder"
    static let operatorSets = OperatorSets.machineLearning.versions
    static let inputCount = 1...1
    /// For keys of one kind; before version 2 of the operators, a list of strings serves both ways.
    private let maps: [ElementMap]

    init(_ node: inout NodeReader) throws {
        let string = Array((try node.string("default_string") ?? "_Unused").utf8)
        let integer = Int64(try node.int("default_int64") ?? -1)
        let float = Double(try node.float("default_float") ?? -0.0)
        if let classes = try node.strings("classes_strings") {
            maps = try Self.both(classes.map { Array($0.utf8) }, classes.indices.map(Int64.init), string, integer)
            return
        }
        let given = try node.tensor("default_tensor")
        let keys = try Self.list(&node, "keys")
        let values = try Self.list(&node, "values")
        var fallback: ElementMap.List =
            switch values.list {
            case .strings: .strings([string])
            case .integers: .integers([integer])
            case .floats: .floats([float])
            }
        if let given {
            try ValueType.expectOneType(given.elementType, values.type)
            fallback = try ElementMap.List(given)
        }
        maps = [try ElementMap(keys.list, of: keys.type, to: values.list, of: values.type, fallback: fallback)]
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        return [ValueType(try map(for: x.elementType).target, x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        return [try map(for: x.elementType).run(x, in: context)]
    }

    private func map(for type: ElementType) throws -> ElementMap {
        guard let map = maps.first(where: { $0.source == type }) else {
            throw MLOpsError.unsupported(type, instead: maps.map(\.source.rawValue).joined(separator: " or "))
        }
        return map
    }

    /// The maps from strings to numbers and back.
    static func both(
        _ strings: [[UInt8]], _ numbers: [Int64], _ string: [UInt8], _ number: Int64
    ) throws -> [ElementMap] {
        [
            try ElementMap(
                .strings(strings), of: .bytes, to: .integers(numbers), of: .int64, fallback: .integers([number])),
            try ElementMap(
                .integers(numbers), of: .int64, to: .strings(strings), of: .bytes, fallback: .strings([string])),
        ]
    }

    private static func list(
        _ node: inout NodeReader, _ what: String
    ) throws -> (list: ElementMap.List, type: ElementType) {
        var found: [(ElementMap.List, ElementType)] = []
        if let list = try node.strings("\(what)_strings") {
            found.append((.strings(list.map { Array($0.utf8) }), .bytes))
        }
        if let list = try node.ints("\(what)_int64s") { found.append((.integers(list.map(Int64.init)), .int64)) }
        if let list = try node.floats("\(what)_floats") { found.append((.floats(list.map(Double.init)), .float32)) }
        if let list = try node.tensor("\(what)_tensor") { found.append((try ElementMap.List(list), list.elementType)) }
        guard let only = found.first, found.count == 1 else {
            throw MLOpsError(
                .invalidArgument, "There are \(found.count) lists of \(what).", help: "Give exactly one list.")
        }
        return only
    }
}
