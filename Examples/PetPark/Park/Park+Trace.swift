import Foundation
import MLOps

/// Where a thing came from, or what came of it.
struct TraceSummary: Codable, CustomStringConvertible {
    /// All that it came from, as a tree.
    var origins: LineageTrace?
    /// All that came from it, nearest first.
    var consequences: [LineageNode]

    var description: String {
        var parts: [String] = []
        if let origins {
            parts.append(origins.description)
            parts.append("Days at the camera are played in a calendar of their own, from 1 May 2026 on.")
        }
        if !consequences.isEmpty {
            let groups = Dictionary(grouping: consequences) { $0.kind.description }
            let lines = groups.sorted { $0.key < $1.key }.map { kind, nodes in
                "  \(nodes.count) × \(kind): " + nodes.prefix(3).map(\.id).joined(separator: ", ")
                    + (nodes.count > 3 ? ", …" : "")
            }
            parts.append("What came of it:\n" + lines.joined(separator: "\n"))
        }
        return parts.joined(separator: "\n")
    }
}

extension Park {
    /// Traces a prediction back to its photographs, or a photograph on to its predictions.
    func trace(_ id: String?) async throws -> TraceSummary {
        if let id, let digest = Digest(hex: id) {
            let node = LineageNode(.record, digest.description)
            return TraceSummary(origins: nil, consequences: try await registry.lineage.descendants(of: node))
        }
        let trace = try await registry.lineage.trace(prediction: id ?? lastPrediction())
        return TraceSummary(origins: trace, consequences: [])
    }

    private func lastPrediction() throws -> String {
        for day in (1...99).reversed() {
            if let log = try? log(of: day), let last = log.notes.last { return last.id }
        }
        throw missing("prediction", step: "watch")
    }
}
