import Foundation
import MLOps

/// What came of an ingestion.
struct IngestSummary: Codable, CustomStringConvertible {
    var dataset: Digest
    var accepted: Int
    var rejected: Int
    /// The first that were rejected, each with its reason.
    var firstRejected: [Rejection]
    /// About this share of the pictures is in no dataset: the camera shows them later.
    var liveShare: Double
    var resumedAt: Int
    var isSynthetic: Bool
    var parts: [String: [String: Int]]
    var leakSuspects: Int
    var seconds: Double

    var description: String {
        let counts = parts.sorted { $0.key < $1.key }.map { part, labels in
            "\(part) \(labels.values.reduce(0, +)) ("
                + labels.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ") + ")"
        }
        let refused = Rejection.lines(firstRejected, of: rejected).map { "\n\($0)" }.joined()
        return """
            Dataset \(dataset.short): \(accepted) pictures accepted, \(rejected) rejected\
            \(resumedAt > 0 ? ", resumed after \(resumedAt)" : "") in \(decimal(seconds)) s.\(refused)
              \(isSynthetic ? "The pictures are synthetic: drawn by the example." : "The pictures are photographs.")\
            \(liveShare > 0 ? " About \(percent(liveShare)) are kept back for the camera." : "")
              \(counts.joined(separator: "; "))
              near-duplicates between train and test, for a person to judge: \(leakSuspects)
            """
    }
}

extension Rejection {
    /// The first rejections as lines for a person, and how many others there are.
    static func lines(_ first: [Rejection], of count: Int) -> [String] {
        let shown = first.prefix(5)
        return shown.map { "    \($0.id): \($0.reason)" }
            + (count > shown.count ? ["    and \(count - shown.count) others"] : [])
    }
}

extension Park {
    /// Takes in the archive's pictures and commits a dataset version; goes on where a killed run stopped.
    mutating func ingest() async throws -> IngestSummary {
        let start = ContinuousClock.now
        let source = settings.archive
        let report = try await Ingestion("archive").run(
            from: source, into: datasets, total: settings.photos == nil ? settings.pictures : nil, progress: progress)
        let version = report.version
        try datasets.tag(version.digest, as: "archive")
        try update {
            $0.dataset = version.digest
            $0.candidate = nil
        }
        try await registry.lineage.record(
            LineageEvent(
                LineageNode(.dataset, version.digest.description),
                from: version.entries.map { LineageNode(.record, $0.digest.description) }, by: "ingested",
                at: clock.now(),
                attributes: [
                    "source": settings.photos ?? "drawn pictures, seed \(settings.seed)",
                    "accepted": "\(report.accepted)", "rejected": "\(report.rejected)",
                ]))
        let split = try split(version)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let suspects = try await NearDuplicates(threshold: 4).suspects(in: split, of: datasets, progress: progress)
        return IngestSummary(
            dataset: version.digest, accepted: report.accepted, rejected: report.rejected,
            firstRejected: Array(try datasets.rejections(of: version.digest).prefix(5)),
            liveShare: settings.liveShare, resumedAt: report.resumedFrom.offset, isSynthetic: settings.photos == nil,
            parts: Dictionary(uniqueKeysWithValues: split.counts.map { ($0.key.rawValue, $0.value) }),
            leakSuspects: suspects.count, seconds: seconds)
    }

    /// 80 % to train and to choose by, 20 % to test; what belongs together is never on two sides.
    var splitRule: Split {
        get throws {
            try Split(
                seed: settings.seed, train: 0.8 - settings.validationShare, validation: settings.validationShare,
                group: .attribute("group"))
        }
    }

    /// A dataset, split by that rule.
    func split(_ version: DatasetVersion) throws -> DatasetSplit { try splitRule(version) }

    /// The dataset in use, split.
    func currentSplit() throws -> DatasetSplit {
        guard let dataset = settings.dataset else { throw missing("dataset", step: "ingest") }
        return try split(datasets.version(dataset))
    }
}
