internal import MLOpsCore

/// A rewriting of a graph that makes it cheaper to run.
///
/// Promises of a conformer: outputs stay the same but for rounding, whatever the inputs; a graph without its pattern
/// stays as it is; and a second application finds nothing more to do.
protocol GraphPass: Sendable {
    /// What it is called in a plan's report.
    var name: String { get }
    /// Rewrites what it finds.
    ///
    /// - Returns: how many places were rewritten.
    func apply(to graph: inout GraphEditor) throws -> Int
}

/// The passes in the order in which they run.
enum GraphPasses {
    static let all: [any GraphPass] = [
        IdentityRemoval(), ActivationRecognition(), LayerNormalizationRecognition(), BatchNormalizationFolding(),
        ConvolutionFusion(), ProductFusion(), AttentionFusion(),
    ]

    /// Applies passes; adds up how much each did.
    static func apply(
        _ passes: [any GraphPass], to graph: consuming OperatorGraph, counting counts: inout [String: Int]
    ) throws -> OperatorGraph {
        var editor = GraphEditor(consume graph)
        for pass in passes {
            let count = try pass.apply(to: &editor)
            if count > 0 { counts[pass.name, default: 0] += count }
        }
        return editor.result
    }
}
