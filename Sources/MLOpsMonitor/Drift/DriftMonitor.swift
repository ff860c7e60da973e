public import Foundation
internal import MLOpsCore

/// Checks every feature for drift, with the chance of a false alarm held over all features together.
///
/// A feature that its detector fails stays failed only if its p-value, adjusted by ``BenjaminiHochberg``, is at most
/// ``falseDiscoveryRate``. Verdicts of methods without a p-value stand as they are.
public struct DriftMonitor: Sendable {
    /// The detector for numbers.
    public var numeric: any DriftDetector
    /// The detector for categories.
    public var categorical: any DriftDetector
    /// Detectors for single features, by name; they come before the two above.
    public var byFeature: [String: any DriftDetector]
    /// The expected share of false ones among the features reported as drifting.
    public var falseDiscoveryRate: Double
    /// The share of drifting features from which on the whole is reported as drifting.
    public var shareLimit: Double

    /// Makes a monitor.
    public init(
        numeric: any DriftDetector = KolmogorovSmirnovDetector(), categorical: any DriftDetector = ChiSquaredDetector(),
        byFeature: [String: any DriftDetector] = [:], falseDiscoveryRate: Double = 0.05, shareLimit: Double = 0.5
    ) {
        self.numeric = numeric
        self.categorical = categorical
        self.byFeature = byFeature
        self.falseDiscoveryRate = falseDiscoveryRate
        self.shareLimit = shareLimit
    }

    /// Compares recent columns with the reference columns of the same names.
    ///
    /// - Throws: ``MLOpsError`` with `notFound` when the reference lacks a column, `invalidArgument` when two columns
    ///   have one name, and what the detectors throw.
    public func report(
        on recent: [FeatureColumn], against reference: [FeatureColumn], at: Date
    ) throws -> DriftReport {
        var references: [String: FeatureColumn] = [:]
        for column in reference where references.updateValue(column, forKey: column.name) != nil {
            throw duplicate(column.name)
        }
        if Set(recent.map(\.name)).count != recent.count, let name = recent.map(\.name).sorted().first(where: { name in
            recent.filter { $0.name == name }.count > 1
        }) {
            throw duplicate(name)
        }
        var verdicts: [DriftVerdict] = []
        for column in recent {
            guard let past = references[column.name] else {
                throw MLOpsError(
                    .notFound, "The reference has no column '\(column.name)'; it has \(references.keys.sorted()).",
                    help: "Take reference and recent columns from the same capture settings.")
            }
            verdicts.append(try detector(for: column).verdict(on: column, against: past))
        }
        return report(of: verdicts, at: at)
    }

    private func report(of verdicts: [DriftVerdict], at: Date) -> DriftReport {
        var verdicts = verdicts
        let tested = verdicts.indices.filter { verdicts[$0].pValue != nil }
        let adjusted = BenjaminiHochberg.adjusted(tested.compactMap { verdicts[$0].pValue })
        var byName: [String: Double] = [:]
        for (index, p) in zip(tested, adjusted) {
            byName[verdicts[index].feature] = p
            if verdicts[index].verdict == .fail, p > falseDiscoveryRate { verdicts[index].verdict = .pass }
        }
        let judged = verdicts.filter { $0.verdict != .insufficient }
        let drifting = judged.filter { $0.verdict == .fail }
        let share = judged.isEmpty ? 0 : Double(drifting.count) / Double(judged.count)
        let verdict: Verdict =
            judged.isEmpty ? .insufficient : !drifting.isEmpty && share >= shareLimit ? .fail : .pass
        return DriftReport(
            features: verdicts, adjustedPValues: byName, driftingShare: share, verdict: verdict, at: at)
    }

    private func detector(for column: FeatureColumn) -> any DriftDetector {
        if let own = byFeature[column.name] { return own }
        if case .numeric = column.values { return numeric }
        return categorical
    }

    private func duplicate(_ name: String) -> MLOpsError {
        MLOpsError(.invalidArgument, "Two columns are named '\(name)'.", help: "Give each column a name of its own.")
    }
}
