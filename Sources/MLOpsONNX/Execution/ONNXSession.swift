public import Foundation
public import MLOpsCore
public import MLOpsTensor

/// A model graph that is ready to run, in pure Swift.
///
/// Everything that can be checked without inputs is checked when the session is made: that the graph hangs together,
/// that every operator is known and its attributes are valid, and the shapes as far as they follow from the signature.
/// A session is a value without state: it may be used from many threads at once, and equal inputs give equal bits
/// at any number of threads. Source of the semantics: the ONNX standard, operator set 17, https://onnx.ai/onnx.
public struct ONNXSession: Sendable {
    /// What the model takes and gives.
    public var signature: ModelSignature { plan.signature }
    /// The labels of the columns of an output, by its name: where the model ends in `ZipMap`, which makes a dictionary
    /// of each row, the output is the matrix of the values, and its labels, whole numbers or strings [C], are here.
    public var labels: [String: TensorValue] { plan.labels }
    private let plan: GraphPlan
    private let context: RunContext

    /// Makes a graph of the operator set 17 ready to run.
    ///
    /// - Parameters:
    ///   - compute: the kernels and their threads; share one among the sessions of a process.
    ///   - limits: how large the tensors that the model computes may be.
    /// - Throws: ``MLOpsError`` with `unsupported`, listing every node that can't be run, or `invalidArgument`, listing
    ///   all that is wrong with the graph.
    public init(_ graph: ModelGraph, compute: Compute, limits: ONNXLimits = ONNXLimits()) throws {
        try GraphTopology.check(graph, code: .invalidArgument)
        context = RunContext(compute: compute, limits: limits)
        plan = try GraphPlan(
            graph, OperatorSets(standard: ONNXSerializer.operatorSet), invalid: .invalidArgument, in: context)
    }

    /// Reads the bytes of an ONNX file, of any operator set from 7 on that the operators in it allow.
    ///
    /// - Throws: ``MLOpsError`` with `corruptData`, `limitExceeded` or `unsupported`, listing all that is wrong.
    public init(model bytes: Data, compute: Compute, limits: ONNXLimits = ONNXLimits()) throws {
        let document = try ONNXDocument(bytes, limits: limits)
        context = RunContext(compute: compute, limits: limits)
        plan = try GraphPlan(
            document.graph, document.operatorSets, invalid: .corruptData, in: context)
    }

    /// Runs the model: named inputs in, named outputs out.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when inputs do not fit, `limitExceeded` when a tensor would be
    ///   too large, with the node named in the message; `CancellationError` when the task is canceled.
    public func run(_ inputs: [String: TensorValue]) throws -> [String: TensorValue] {
        try signature.check(inputs: inputs)
        var values = plan.initialValues
        for (name, value) in inputs {
            try context.limits.elementCount(of: value.shape, in: "the input '\(name)'")
            if let place = plan.places[name] { values[place] = Value(value) }
        }
        for step in plan.steps {
            try Task.checkCancellation()
            let results: [Value]
            do { results = try step.op.run(step.inputs.map { $0 < 0 ? nil : values[$0] }, in: context) } catch var error
                as MLOpsError
            {
                error.message = "'\(step.name)' (\(type(of: step.op).name)): \(error.message)"
                throw error
            }
            for (place, result) in zip(step.outputs, results) where place >= 0 { values[place] = result }
            for place in step.lastUses { values[place] = nil }
        }
        var outputs: [String: TensorValue] = [:]
        for spec in signature.outputs {
            guard let place = plan.places[spec.name], let value = values[place] else { continue }
            let output = try value.tensorValue()
            try spec.check(output)
            outputs[spec.name] = output
        }
        return outputs
    }
}
