import Foundation
import MLOps

/// What a look at the archive found.
struct Inspection: Codable, CustomStringConvertible {
    var dataset: Digest
    var report: String
    var issues: [DataIssue]
    /// How many leaks there are of each kind.
    var leaks: [String: Int]
    /// The first leaks.
    var firstLeaks: [Leak]
    var seconds: Double

    var description: String {
        let found = issues.map { "  \($0.kind): \($0.summary)" }
        let leaking =
            leaks.isEmpty
            ? "  nothing leaks between the parts"
            : "  leaks: " + leaks.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        return (["Dataset \(dataset.short), looked at in \(decimal(seconds)) s: \(report)", leaking] + found)
            .joined(separator: "\n")
    }
}

extension Park {
    /// Takes in the archive and writes the report on its data.
    mutating func inspect() async throws -> (Inspection, leaks: [Leak]) {
        _ = try await ingest()
        let start = ContinuousClock.now
        let split = try currentSplit()
        let report = try await DataReport(of: split.version, in: datasets, split: split, progress: progress)
        let url = try write(report: Data(report.page.html.utf8), named: "data.html")
        let inspection = Inspection(
            dataset: split.version.digest, report: url.path, issues: report.issues,
            leaks: report.leaks.reduce(into: [:]) { $0[$1.kind.rawValue, default: 0] += 1 },
            firstLeaks: Array(report.leaks.prefix(50)), seconds: (ContinuousClock.now - start) / .seconds(1))
        return (inspection, report.leaks)
    }
}
