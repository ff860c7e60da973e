public import Foundation
public import MLOpsCore
public import MLOpsTensor

/// A model graph that is ready to run, in pure Swift.
///
/// Everything that can be checked without inputs is checked when the session is made: that the graph hangs together,
/// that every operator is known and its attributes are valid, and the shapes as far as they follow from the signature.
/// Then operators are fused and weights packed. The first run on inputs of some shapes plans what lies where in memory;
/// later ones allocate nothing but their outputs, and what operators allocate that no plan knows. The plans of the eight
/// latest sets of shapes are kept, each with memory for as many runs as there were at a time.
///
/// A session may be used from many threads at once, and equal inputs give equal bits at any number of threads. Source
/// of the semantics: the ONNX standard, operator set 17, https://onnx.ai/onnx.
public struct ONNXSession: Sendable {
    /// What the model takes and gives.
    public let signature: ModelSignature
    /// The labels of the columns of an output, by its name: where the model ends in `ZipMap`, which makes a dictionary
    /// of each row, the output is the matrix of the values, and its labels, whole numbers or strings [C], are here.
    public let labels: [String: TensorValue]
    private let plans: SessionPlans
    private let context: RunContext

    /// Makes a graph of the operator set 17 ready to run.
    ///
    /// - Parameters:
    ///   - compute: the kernels and their threads; share one among the sessions of a process.
    ///   - limits: how large the tensors that the model computes may be.
    /// - Throws: ``MLOpsError`` with `unsupported`, listing every node that can't be run, or `invalidArgument`, listing
    ///   all that is wrong with the graph.
    public init(_ graph: ModelGraph, compute: Compute, limits: ONNXLimits = ONNXLimits()) throws {
        try self.init(graph, compute: compute, limits: limits, isFused: true)
    }

    /// Makes a session; without fusion, every operator runs by itself.
    package init(
        _ graph: ModelGraph, compute: Compute, limits: ONNXLimits = ONNXLimits(), isFused: Bool
    ) throws {
        try GraphTopology.check(graph, code: .invalidArgument)
        try self.init(
            graph, OperatorSets(standard: ONNXSerializer.operatorSet), invalid: .invalidArgument,
            in: RunContext(compute: compute, limits: limits), passes: isFused ? GraphPasses.all : [])
    }

    /// Reads the bytes of an ONNX file, of any operator set from 7 on that the operators in it allow.
    ///
    /// - Throws: ``MLOpsError`` with `corruptData`, `limitExceeded` or `unsupported`, listing all that is wrong.
    public init(model bytes: consuming Data, compute: Compute, limits: ONNXLimits = ONNXLimits()) throws {
        try self.init(ModelBytes(consume bytes), compute: compute, limits: limits)
    }

    /// Reads an ONNX file, of any operator set from 7 on that the operators in it allow: large weights go from the file
    /// right to where they are kept, so that only those that are being laid out are in memory twice.
    ///
    /// - Throws: ``MLOpsError`` with `notFound`, `corruptData`, `limitExceeded` or `unsupported`, listing all that is
    ///   wrong.
    public init(contentsOf url: URL, compute: Compute, limits: ONNXLimits = ONNXLimits()) throws {
        try self.init(ModelBytes(contentsOf: url), compute: compute, limits: limits)
    }

    private init(_ bytes: consuming ModelBytes, compute: Compute, limits: ONNXLimits) throws {
        let document = try ONNXDocument(consume bytes, limits: limits)
        let (sets, stored) = (document.operatorSets, document.stored)
        try self.init(
            (consume document).graph, stored: stored, sets, invalid: .corruptData,
            in: RunContext(compute: compute, limits: limits), passes: GraphPasses.all)
    }

    private init(
        _ graph: consuming ModelGraph, stored: [String: StoredTensor] = [:], _ sets: OperatorSets,
        invalid: MLOpsError.Code, in context: RunContext, passes: [any GraphPass]
    ) throws {
        let operators = try OperatorGraph(
            consume graph, stored: stored, sets, invalid: invalid, keepsQuantized: !passes.isEmpty, in: context)
        (signature, labels, self.context) = (operators.signature, operators.labels, context)
        plans = try SessionPlans(consume operators, passes: passes, in: context)
    }

    /// Runs the model: named inputs in, named outputs out.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when inputs do not fit, `limitExceeded` when a tensor would be
    ///   too large, with the node named in the message; `CancellationError` when the task is canceled.
    public func run(_ inputs: [String: TensorValue]) throws -> [String: TensorValue] {
        let shapes = try shapes(of: inputs)
        return try plans.withInstance(for: shapes) { instance, _ in try instance.run(inputs, in: context) }
    }

    /// How the model is run on inputs of the given shapes.
    ///
    /// - Parameter shapes: of inputs, by name; those that are left out have that of the signature, with 1 where it is
    ///   open.
    /// - Throws: ``MLOpsError`` with `invalidArgument` when the shapes do not fit.
    public func explain(_ shapes: [String: [Int]] = [:]) throws -> ONNXPlan {
        let all = signature.inputs.map { spec in shapes[spec.name] ?? spec.shape.map { $0 == -1 ? 1 : $0 } }
        return try plans.withInstance(for: all) { instance, passes in ONNXPlan(instance.plan, passes: passes) }
    }

    /// Runs the model several times, after once to warm up, and takes the time of each step.
    ///
    /// - Parameters:
    ///   - inputs: as for ``run(_:)``.
    ///   - times: the number of runs that are averaged; at least 1.
    public func profile(_ inputs: [String: TensorValue], times: Int = 10) throws -> ONNXPlan {
        let shapes = try shapes(of: inputs)
        return try plans.withInstance(for: shapes) { instance, passes in
            _ = try instance.run(inputs, in: context)
            var plan = ONNXPlan(instance.plan, passes: passes)
            var seconds = [Double](repeating: 0, count: plan.steps.count)
            let start = ContinuousClock.now
            for _ in 0..<max(times, 1) {
                _ = try seconds.withUnsafeMutableBufferPointer {
                    try instance.run(inputs, in: context, seconds: $0)
                }
            }
            plan.seconds = (ContinuousClock.now - start) / .seconds(1) / Double(max(times, 1))
            for index in seconds.indices { plan.steps[index].seconds = seconds[index] / Double(max(times, 1)) }
            return plan
        }
    }

    private func shapes(of inputs: [String: TensorValue]) throws -> [[Int]] {
        try signature.check(inputs: inputs)
        for (name, value) in inputs { try context.limits.elementCount(of: value.shape, in: "the input '\(name)'") }
        return signature.inputs.map { inputs[$0.name]?.shape ?? [] }
    }
}
