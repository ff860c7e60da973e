internal import MLOpsCore
internal import MLOpsTensor

/// `Constant`: a tensor, a number or a list of numbers that is written in the graph.
struct ConstantOperator: Operator {
    static let name = "Constant"
    static let inputCount = 0...0
    private let value: Value

    init(_ node: inout NodeReader) throws {
        var found: [TensorValue] = []
        if let attribute = node.take("value") {
            guard case .tensor(let tensor) = attribute else { throw Self.mistake("'value' is no tensor") }
            found.append(tensor)
        }
        if let number = try node.float("value_float") { found.append(try TensorValue(shape: [], floats: [number])) }
        if let attribute = node.take("value_floats") {
            guard case .floats(let numbers) = attribute else { throw Self.mistake("'value_floats' is no list") }
            found.append(try TensorValue(shape: [numbers.count], floats: numbers))
        }
        if let number = try node.int("value_int") { found.append(try Self.integers([number], shape: [])) }
        if let numbers = try node.ints("value_ints") {
            found.append(try Self.integers(numbers, shape: [numbers.count]))
        }
        guard let tensor = found.first, found.count == 1 else {
            throw Self.mistake("it has \(found.count) values")
        }
        value = Value(tensor)
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] { [ValueType(value)] }
    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] { [value] }

    private static func integers(_ numbers: [Int], shape: [Int]) throws -> TensorValue {
        try TensorValue(.int64, shape: shape, bytes: numbers.map(Int64.init).withUnsafeBytes { Array($0) })
    }

    private static func mistake(_ what: String) -> MLOpsError {
        MLOpsError(.invalidArgument, "The constant is not valid: \(what).", help: "Give exactly one value of numbers.")
    }
}
