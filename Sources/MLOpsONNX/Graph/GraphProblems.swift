internal import MLOpsCore
internal import MLOpsTensor

/// Everything that keeps a graph from running, so that a person sees it all at once.
struct GraphProblems {
    private var unsupported: [String] = []
    private var invalid: [String] = []
    private var help = ""

    /// Takes down what is wrong with a node.
    mutating func add(_ error: MLOpsError, at node: ModelGraph.Node) {
        let line = "'\(node.name)' (\(node.op)): \(error.message)"
        if help.isEmpty { help = error.help }
        if error.code == .unsupported { unsupported.append(line) } else { invalid.append(line) }
    }

    /// Takes down what is wrong with the graph.
    mutating func add(_ message: String) { invalid.append(message) }

    /// Throws `unsupported` when a node can't be run here, else an error of the given code when one breaks a rule.
    func check(_ name: String, invalid code: MLOpsError.Code) throws {
        if !unsupported.isEmpty {
            throw MLOpsError(
                .unsupported, "The graph '\(name)' has operators that can't be run here: \(list(unsupported))",
                help: help)
        }
        if !invalid.isEmpty {
            throw MLOpsError(
                code, "The graph '\(name)' breaks the rules of its operators: \(list(invalid))",
                help: help.isEmpty ? "Export the model again." : help)
        }
    }

    private func list(_ lines: [String]) -> String {
        lines.prefix(50).joined(separator: "; ") + (lines.count > 50 ? "; and \(lines.count - 50) more" : "")
    }
}
