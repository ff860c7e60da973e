import Foundation
import MLOps

/// What a look at the pictures found.
struct Inspection: Codable, CustomStringConvertible {
    var dataset: Digest
    var accepted: Int
    /// What was refused when the pictures were taken in.
    var rejected: [Rejection]
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
        let refused = Rejection.lines(rejected, of: rejected.count)
        let head = [
            "Dataset \(dataset.short), looked at in \(decimal(seconds)) s: \(report)",
            "  \(accepted) pictures accepted, \(rejected.count) rejected",
        ]
        return (head + refused + [leaking] + found).joined(separator: "\n")
    }
}

extension Park {
    /// Takes in all pictures, those that are kept for the camera too, and writes the report on them.
    func inspect() async throws -> (Inspection, leaks: [Leak]) {
        let start = ContinuousClock.now
        let (ingestion, total) = (Ingestion("inspected", minimumClasses: 1), settings.pictures)
        let taken =
            if let photos = settings.photos {
                try await ingestion.run(
                    from: ImageFolderSource(at: URL(fileURLWithPath: photos, isDirectory: true)), into: datasets,
                    progress: progress)
            } else {
                try await ingestion.run(from: settings.archive, into: datasets, total: total, progress: progress)
            }
        let version = taken.version
        let rejected = try datasets.rejections(of: version.digest)
        // Too few pictures for parts can be looked at all the same.
        let parts: DatasetSplit?
        do { parts = try split(version) } catch let error as MLOpsError where error.code == .insufficientData {
            parts = nil
        }
        let report = try await DataReport(of: version, in: datasets, split: parts, progress: progress)
        let url = try write(report: Data(report.page.html.utf8), named: "data.html")
        let inspection = Inspection(
            dataset: version.digest, accepted: taken.accepted, rejected: rejected, report: url.path,
            issues: report.issues,
            leaks: report.leaks.reduce(into: [:]) { $0[$1.kind.rawValue, default: 0] += 1 },
            firstLeaks: Array(report.leaks.prefix(50)), seconds: (ContinuousClock.now - start) / .seconds(1))
        return (inspection, report.leaks)
    }
}
