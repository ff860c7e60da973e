import Foundation
import MLOps
import MLOpsConnectors

/// What the checks of a day found, and what was decided on it.
struct MonitorSummary: Codable, CustomStringConvertible {
    var day: Int
    var performance: DailyPerformance
    var bias: PredictionBias
    var drift: DriftReport?
    var findings: [Finding]
    var decisions: [GovernanceDecision]

    /// Whether the policy asks for a retraining.
    var asksForRetraining: Bool { decisions.contains { $0.action == .retrain && $0.outcome == .perform } }

    var description: String {
        var lines = ["Day \(day): accuracy \(performance.estimate("accuracy")?.description ?? "not known")"]
        lines.append("  " + bias.message)
        if let drift {
            let drifting = drift.features.filter { $0.verdict == .fail }.map(\.feature)
            lines.append(
                "  drift against day 1: \(drifting.isEmpty ? "none" : drifting.joined(separator: ", ")) "
                    + "(\(drift.features.count) features)")
        }
        for finding in findings where finding.verdict == .fail { lines.append("  ✗ \(finding.message)") }
        for decision in decisions {
            lines.append(
                "  → \(decision.action.rawValue), \(decision.outcome.rawValue): "
                    + decision.reasons.map(\.check).joined(separator: ", "))
        }
        return lines.joined(separator: "\n")
    }
}

extension Park {
    /// Judges a day by its predictions and late labels; alerts, and decides by the park's policy.
    func monitor(day number: Int, webhooks: [URL] = []) async throws -> MonitorSummary {
        let log = try log(of: number)
        let predictions = try await predictions(of: number)
        let evening = log.day.period.end.addingTimeInterval(-1)
        let performance = PerformanceMonitor(
            limits: [
                .init("accuracy", atLeast: settings.requiredAccuracy - 0.1), .init("recall.cat", atLeast: 0.6),
                .init("recall.dog", atLeast: 0.6),
            ]
        ).performance(of: predictions, in: log.day.period, knownAt: evening)
        let bias = try PredictionBiasMonitor(
            "dog", over: "cat", reference: .labels, limit: settings.biasLimit
        ).report(on: predictions, at: evening)
        let drift = try await driftSinceFirstDay(predictions, day: number, at: evening)
        let records = predictions.map(\.prediction)
        let integrity = IntegrityMonitor([
            .range(feature: "brightness", 0...255), .present(feature: "sharpness"),
            .duplicates(allowedShare: 0.05),
        ]).findings(on: records, in: log.day.period, at: evening)
        let fairness = FairnessMonitor(by: "camera", positive: "dog").report(on: predictions, at: evening)
        let findings =
            performance.findings() + bias.findings() + (drift?.findings() ?? []) + integrity + fairness.findings()
        let decisions = try await govern(findings, at: evening, webhooks: webhooks)
        let summary = MonitorSummary(
            day: number, performance: performance, bias: bias, drift: drift, findings: findings, decisions: decisions)
        try DurableFile.write(CanonicalJSON.encode(summary), to: file("monitor", of: number, "json"))
        return summary
    }

    /// Image statistics and predictions of the day against those of day 1; `nil` on day 1 itself.
    private func driftSinceFirstDay(
        _ predictions: [LabeledPrediction], day: Int, at: Date
    ) async throws -> DriftReport? {
        guard day > 1 else { return nil }
        _ = try log(of: 1)
        let reference = try await self.predictions(of: 1)
        return try DriftMonitor().report(
            on: FeatureColumn.columns(of: predictions.map(\.prediction)),
            against: FeatureColumn.columns(of: reference.map(\.prediction)), at: at)
    }

    /// Alerts go to the terminal, to a file, and to webhooks; a bias or a loss of accuracy asks for
    /// a retraining, at most once a day.
    private func govern(_ findings: [Finding], at evening: Date, webhooks: [URL]) async throws -> [GovernanceDecision] {
        let clock = WallClock.fixed(evening)
        var routes: [AlertRouter.Route] = [
            .init(to: LogAlertSink()), .init(to: try FileAlertSink(at: folder.appendingPathComponent("alerts.jsonl"))),
        ]
        for url in webhooks { routes.append(.init(to: try WebhookAlertSink(url: url))) }
        let router = AlertRouter(routes, clock: clock)
        let policy = GovernancePolicy([
            .init("bias.*", .alert, coolDown: 0), .init("performance.*", .alert, coolDown: 0),
            .init("integrity.*", .alert, coolDown: 0), .init("drift.*", .alert, coolDown: 0),
            .init("bias.*", .retrain, coolDown: 20 * 3600, dailyLimit: 1),
            .init("performance.accuracy", .retrain, coolDown: 20 * 3600, dailyLimit: 1),
        ])
        let (lineage, source) = (registry.lineage, Self.modelName)
        let handler = ClosureActionHandler([
            .alert: { decision in
                for finding in decision.reasons {
                    let alert = Alert(finding, severity: .critical, source: source)
                    try await router.send(alert)
                    try await lineage.record(
                        LineageEvent(
                            LineageNode(.alert, alert.id), from: [], by: "alerted", at: alert.at,
                            attributes: ["title": alert.title, "body": alert.body]))
                }
            },
            // The decision is the order; the example's demo and its `retrain` command carry it out.
            .retrain: { _ in },
        ])
        return try await Governor(
            policy, handler: handler, log: FileGovernanceLog(at: folder.appendingPathComponent("governance.jsonl")),
            clock: clock
        ).govern(findings)
    }
}
