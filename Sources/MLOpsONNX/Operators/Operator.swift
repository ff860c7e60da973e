internal import MLOpsCore
internal import MLOpsTensor

/// One operator of the ONNX standard: what a node of it needs, makes and computes.
///
/// Promises of a conformer:
/// - The initializer reads every attribute that the operator has, and throws `invalidArgument` or `unsupported` for a
///   value it can't serve, so that nothing is found out in the middle of a run.
/// - `infer` knows nothing that isn't so: what `run` makes has the inferred type, and the inferred extents where they
///   are not −1.
/// - `run` depends on nothing but its arguments, gives the same bits at any thread count, and may be called
///   concurrently. Inputs that do not fit throw; nothing traps.
protocol Operator: Sendable {
    /// The name of the operator in the standard.
    static var name: String { get }
    /// The operator sets in whose definition this implementation holds.
    static var operatorSets: ClosedRange<Int> { get }
    /// How many inputs a node may have; those left out in the middle have an empty name.
    static var inputCount: ClosedRange<Int> { get }
    /// How many outputs a node may have.
    static var outputCount: ClosedRange<Int> { get }

    /// Whether inputs may be sequences and optional values, and not tensors alone.
    static var takesEveryForm: Bool { get }
    /// Whether passes lay the second input out for kernels when it is a constant, so that it may stay in its file until
    /// then; `infer` does without its elements.
    static var packsWeights: Bool { get }
    /// Whether equal inputs give equal outputs in every run, so that constants may be computed once.
    var isRepeatable: Bool { get }
    /// The labels of the columns of the output, when the operator only gives it labels; see ``ONNXSession/labels``.
    var columnLabels: TensorValue? { get }

    /// Reads the attributes of a node.
    init(_ node: inout NodeReader) throws
    /// The operator with the graphs inside it planned for the inputs; asked before `infer`.
    func planned(for inputs: [ValueType?], in context: RunContext) throws -> any Operator
    /// What is known of the outputs, given what is known of the inputs; `nil` for an input that is left out.
    func infer(_ inputs: [ValueType?]) throws -> [ValueType]
    /// The operator with the work done that only its constant inputs need, such as packing weights.
    func prepared(for inputs: [ValueType?]) throws -> any Operator
    /// Computes the outputs; `nil` for an input that is left out.
    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value]
}

extension Operator {
    static var operatorSets: ClosedRange<Int> { ONNXDocument.readableOperatorSets }
    static var outputCount: ClosedRange<Int> { 1...1 }
    static var takesEveryForm: Bool { false }
    static var packsWeights: Bool { false }
    var isRepeatable: Bool { true }
    var columnLabels: TensorValue? { nil }
    func planned(for inputs: [ValueType?], in context: RunContext) throws -> any Operator { self }
    func prepared(for inputs: [ValueType?]) throws -> any Operator { self }
}

extension Array {
    /// The input at an index that the operator can't do without; throws `invalidArgument` when it is left out.
    func required<Wrapped>(_ index: Int) throws -> Wrapped where Element == Wrapped? {
        guard index < count, let input = self[index] else {
            throw MLOpsError(
                .invalidArgument, "The input \(index) is missing.", help: "Give every input that is not optional.")
        }
        return input
    }

    /// The input at an index, or `nil` when it is left out.
    func optional<Wrapped>(_ index: Int) -> Wrapped? where Element == Wrapped? { index < count ? self[index] : nil }
}
