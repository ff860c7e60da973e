internal import MLOpsCore
internal import MLOpsTensor

/// The versions of the operator sets that a model speaks, by domain. Outside of the standard's own set, the domain
/// stands in front of an operator's name, as in `ai.onnx.ml.Scaler`.
struct OperatorSets: Sendable {
    /// The domain of the operators for classical models, and its versions that are read: in all of them an attribute
    /// means the same; 3 is the one that every reader knows.
    static let machineLearning = (domain: "ai.onnx.ml", versions: 1...5, written: 3)

    /// The version of the standard's own set, `ai.onnx`.
    var standard: Int

    /// The sets of a graph that speaks a version of the standard's own.
    init(standard: Int) { self.standard = standard }

    /// The sets that a file states.
    ///
    /// - Throws: `corruptData` when there is none, `unsupported` for versions that can't be read.
    init(_ sets: [ONNXOperatorSetIdProto]) throws {
        guard !sets.isEmpty else {
            throw MLOpsError(
                .corruptData, "The model lacks its operator set.",
                help: "The file is damaged or of another format; export the model again.")
        }
        // A model of other operators alone need not state the standard's own: then those are not to be found in it.
        let own = sets.last { Self.isStandard($0.domain) }.map { Int($0.version) }
        standard = own ?? 0
        var unknown = own.map(ONNXDocument.readableOperatorSets.contains) == false ? ["\(standard)"] : []
        let others = sets.filter { $0.domain == Self.machineLearning.domain }.map { Int($0.version) }
        unknown += others.filter { !Self.machineLearning.versions.contains($0) }.map {
            "\(Self.machineLearning.domain) \($0)"
        }
        guard unknown.isEmpty else {
            throw MLOpsError(
                .unsupported, "The model speaks the operator set \(unknown.joined(separator: ", ")).",
                help: "Export it with operator set \(ONNXDocument.readableOperatorSets) and, for classical models, "
                    + "\(Self.machineLearning.domain) \(Self.machineLearning.versions).")
        }
    }

    /// Whether an operator is defined in the standard's own set that the model speaks, or in another domain.
    func contain(_ type: any Operator.Type) -> Bool {
        Self.split(type.name).domain.isEmpty ? type.operatorSets.contains(standard) : true
    }

    /// The name of an operator, with its domain in front unless that is the standard's own.
    static func join(domain: String, name: String) -> String { isStandard(domain) ? name : "\(domain).\(name)" }

    /// The domain, empty for the standard's own, and the name within it.
    static func split(_ op: String) -> (domain: String, name: String) {
        guard let dot = op.lastIndex(of: ".") else { return ("", op) }
        return (String(op[..<dot]), String(op[op.index(after: dot)...]))
    }

    /// The sets that a file of a graph states.
    static func written(for graph: ModelGraph) -> [ONNXOperatorSetIdProto] {
        let domains = Set(graph.nodes.map { split($0.op).domain }).subtracting([""]).sorted()
        return ([("", ONNXSerializer.operatorSet)] + domains.map { ($0, machineLearning.written) }).map {
            var set = ONNXOperatorSetIdProto()
            (set.domain, set.version) = ($0.0, Int64($0.1))
            return set
        }
    }

    private static func isStandard(_ domain: String) -> Bool { domain.isEmpty || domain == "ai.onnx" }
}
