public import Foundation
public import MLOpsCore
public import MLOpsTensor

/// Writes a model as an ONNX file that was checked, opened again, run, and found to give what its trainer gives; or
/// writes none.
///
/// The file is run on samples that are drawn from a seed, with one row and with two where the batch is open, and on
/// those that a caller adds. Tensors of floats may differ from the trainer's by ``tolerance``, others not at all.
public struct ONNXExporter: Sendable {
    /// What the trainer itself computes: inputs by name in, some or all outputs by name out.
    public typealias Trainer = (_ inputs: [String: TensorValue]) throws -> [String: TensorValue]

    /// The greatest difference of an element from the trainer's, as a share of that where it is above 1.
    public var tolerance = 1e-4
    /// What the samples are drawn from.
    public var seed: UInt64 = 1
    private let serializer: ONNXSerializer
    private let compute: Compute

    /// Makes an exporter; `compute` runs what was written.
    public init(compute: Compute = Compute(), limits: ONNXLimits = ONNXLimits()) {
        (self.compute, serializer) = (compute, ONNXSerializer(limits: limits))
    }

    /// The files of a graph for a package, after the check.
    ///
    /// - Parameters:
    ///   - samples: inputs to compare on, beside those that are drawn.
    ///   - trainer: what computes the outputs without the file.
    /// - Throws: ``MLOpsError`` with `invalidArgument` when an output differs, with the greatest difference; or when
    ///   the trainer gives none of the outputs; as ``ONNXSerializer/serialize(_:)`` does; and `unsupported` for inputs
    ///   of byte strings without `samples`.
    public func files(
        of graph: ModelGraph, samples: [[String: TensorValue]] = [], comparedWith trainer: Trainer
    ) throws -> [ModelFile] {
        let files = try serializer.serialize(graph)
        let session = try ONNXSession(model: files[0].bytes, compute: compute, limits: serializer.limits)
        var worst = Difference()
        let drawn = DrawnInputs(seed: seed, limits: serializer.limits)
        for inputs in try samples + drawn.inputs(for: session.signature, required: samples.isEmpty) {
            let (found, wanted) = (try session.run(inputs), try trainer(inputs))
            guard !wanted.isEmpty else {
                throw MLOpsError(
                    .invalidArgument, "The trainer of '\(graph.name)' gives no outputs to compare with.",
                    help: "Give some of \(graph.signature.outputs.map(\.name)).")
            }
            for (name, value) in wanted.sorted(by: { $0.key < $1.key }) {
                guard let output = found[name], output.elementType == value.elementType, output.shape == value.shape
                else {
                    throw MLOpsError(
                        .invalidArgument,
                        "The file of '\(graph.name)' gives \(found[name].map(Self.title) ?? "nothing") as '\(name)', "
                            + "its trainer \(Self.title(value)). Nothing was written.",
                        help: "Compare the graph with the model that it was made of.")
                }
                worst.add(try Self.difference(output, value), of: name)
            }
        }
        guard worst.value <= tolerance else {
            throw MLOpsError(
                .invalidArgument,
                "The output '\(worst.name)' of the file of '\(graph.name)' differs from the trainer's by "
                    + "\(worst.value), more than \(tolerance). Nothing was written.",
                help: "Compare the graph with the model that it was made of.")
        }
        return files
    }

    /// Writes a graph to a file, after the check: aside first, then renamed, so that there is the whole file or the
    /// one that was there before.
    ///
    /// - Throws: as ``files(of:samples:comparedWith:)``, and `storage` when the file can't be written.
    public func write(
        _ graph: ModelGraph, to url: URL, samples: [[String: TensorValue]] = [], comparedWith trainer: Trainer
    ) throws {
        let files = try files(of: graph, samples: samples, comparedWith: trainer)
        try DurableFile.write(files[0].bytes, to: url)
    }

    private struct Difference {
        var name = ""
        var value = 0.0

        mutating func add(_ other: Double, of name: String) {
            if !(other <= value) { (self.name, value) = (name, other.isNaN ? .infinity : other) }
        }
    }

    private static func title(_ value: TensorValue) -> String { "\(value.elementType.rawValue)\(value.shape)" }

    /// The greatest difference of floats; of other elements 0 when they are equal, ∞ when not.
    private static func difference(_ found: TensorValue, _ wanted: TensorValue) throws -> Double {
        let pairs: Zip2Sequence<[Double], [Double]>
        switch wanted.elementType {
        case .float32: pairs = zip(try found.floats().map(Double.init), try wanted.floats().map(Double.init))
        case .float64:
            func doubles(_ value: TensorValue) -> [Double] {
                value.bytes.withUnsafeBytes { raw in
                    (0..<raw.count / 8).map { raw.loadUnaligned(fromByteOffset: $0 * 8, as: Double.self) }
                }
            }
            pairs = zip(doubles(found), doubles(wanted))
        default: return found == wanted ? 0 : .infinity
        }
        return pairs.reduce(0) { greatest, pair in
            // Equal infinities have no difference, nor have two that are no number.
            if pair.0 == pair.1 || (pair.0.isNaN && pair.1.isNaN) { return greatest }
            let difference = abs(pair.0 - pair.1) / max(1, abs(pair.1))
            return difference.isNaN ? .infinity : max(greatest, difference)
        }
    }
}
