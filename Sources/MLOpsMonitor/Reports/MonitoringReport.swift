public import Foundation
public import MLOpsCore

/// What the monitors of one deployment found, as one value: kept as JSON, read as a page.
public struct MonitoringReport: Sendable, Hashable, Codable {
    /// The values of one feature, then and now.
    public struct FeatureComparison: Sendable, Hashable, Codable {
        /// The feature's name.
        public var name: String
        /// The values of the window.
        public var recent: [Double]
        /// The values of the reference.
        public var reference: [Double]

        /// Pairs the values.
        public init(_ name: String, recent: [Double], reference: [Double]) {
            self.name = name
            self.recent = recent
            self.reference = reference
        }
    }

    /// The deployment that it is about.
    public var deployment: String
    /// When it was made.
    public var at: Date
    /// The performance of the latest days, oldest first; the last is judged.
    public var performance: [DailyPerformance] = []
    /// The check for drift.
    public var drift: DriftReport?
    /// The values behind the check for drift.
    public var features: [FeatureComparison] = []
    /// How far predictions lean to one class.
    public var bias: [PredictionBias] = []
    /// How groups are treated.
    public var fairness: [FairnessReport] = []
    /// What other checks found, such as integrity and forecasts.
    public var otherFindings: [Finding] = []
    /// The latest readings of the sensors.
    public var telemetry: [TelemetrySeries] = []
    /// The alerts of the period.
    public var alerts: [Alert] = []
    /// What was decided.
    public var decisions: [GovernanceDecision] = []

    /// Makes a report, to be filled in.
    public init(deployment: String, at: Date) {
        self.deployment = deployment
        self.at = at
    }

    /// What all checks found.
    public var findings: [Finding] {
        (performance.last?.findings() ?? []) + (drift?.findings() ?? []) + bias.flatMap { $0.findings() }
            + fairness.flatMap { $0.findings() } + otherFindings
    }

    /// The verdict of all checks together.
    public var verdict: Verdict { .all(findings.map(\.verdict)) }

    /// What should be done, the most pressing first; each line begins with the check that asks for it.
    public var toDo: [String] {
        let failed = findings.filter { $0.verdict == .fail }.map { "\($0.check): \(Self.advice(for: $0.check))" }
        let open = findings.filter { $0.verdict == .insufficient }
        guard !open.isEmpty else { return failed }
        return failed + ["Without a verdict for want of data: \(open.map(\.check).joined(separator: ", "))."]
    }

    /// The checks whose verdict differs from that of an earlier report, such as yesterday's, by name.
    public func changes(since earlier: MonitoringReport) -> [(check: String, before: Verdict?, now: Verdict?)] {
        func table(_ report: MonitoringReport) -> [String: Verdict] {
            Dictionary(report.findings.map { ($0.check, $0.verdict) }) { Verdict.all([$0, $1]) }
        }
        let (before, now) = (table(earlier), table(self))
        return Set(before.keys).union(now.keys).sorted().filter { before[$0] != now[$0] }
            .map { ($0, before[$0], now[$0]) }
    }

    private static func advice(for check: String) -> String {
        switch check.split(separator: ".").first {
        case "performance":
            "Look at the wrong predictions of the day; if their kind is new, label more of it and train again, else "
                + "go back to the version before."
        case "drift":
            "Compare the window's inputs with the reference; repair the source if it is broken, train on newer data if "
                + "the world has changed."
        case "bias":
            "Check with labels whether the scene has changed or the model; if it is the model, go back or train again."
        case "fairness": "Add labeled examples of the group that fares worse, and compare again."
        case "integrity": "Repair the source before trusting any other check of this period."
        case "telemetry": "Look after the device before the limit is reached."
        default: "Look at the message of the check."
        }
    }
}
