internal import Foundation
public import MLOpsCore

extension MonitoringReport {
    /// The report as a self-contained page: verdicts, what to do, charts.
    ///
    /// - Parameter earlier: a report to compare with, such as yesterday's.
    public func page(comparedWith earlier: MonitoringReport? = nil) -> HTMLPage {
        var page = HTMLPage(title: "Monitoring of \(deployment)", subtitle: at.formatted(.iso8601))
        page.blocks.append(.badge(verdict, "all checks together"))
        page.blocks += toDoBlocks + checkBlocks(earlier)
        page.blocks += performanceBlocks + biasBlocks + driftBlocks + fairnessBlocks + telemetryBlocks + eventBlocks
        return page
    }

    private var toDoBlocks: [HTMLPage.Block] {
        [.heading("What to do")] + (toDo.isEmpty ? ["Nothing: every check passes."] : toDo).map { .paragraph($0) }
    }

    private func checkBlocks(_ earlier: MonitoringReport?) -> [HTMLPage.Block] {
        var blocks: [HTMLPage.Block] = [
            .heading("Checks"),
            .table(
                header: ["Check", "Verdict", "Finding"],
                rows: findings.map { [.text($0.check), .verdict($0.verdict), .text($0.message)] }),
        ]
        if let earlier {
            let rows = changes(since: earlier).map { change -> [HTMLPage.Cell] in
                [.text(change.check), cell(change.before), cell(change.now)]
            }
            blocks.append(.heading("Changes since \(earlier.at.formatted(.iso8601))", level: 3))
            blocks.append(
                rows.isEmpty ? .paragraph("None.") : .table(header: ["Check", "Before", "Now"], rows: rows))
        }
        return blocks
    }

    private var performanceBlocks: [HTMLPage.Block] {
        guard let last = performance.last else { return [] }
        let names = last.metrics.map(\.name).filter { $0 != "labelCoverage" }
        let series = names.map { name in
            LineChart.Series(
                name,
                performance.compactMap { day in
                    guard let estimate = day.estimate(name), estimate.count > 0 else { return nil }
                    return LineChart.Point(day.period.start.timeIntervalSince1970, estimate)
                })
        }
        let limits = last.checks.filter { names.contains($0.metric) }.map { PlotThreshold($0.metric, $0.limit) }
        let chart = LineChart(
            title: "Performance", yTitle: "share", xAxis: .dates, yRange: 0...1,
            series: series.filter { !$0.points.isEmpty }, thresholds: limits)
        return [
            .heading("Performance"), .figure(chart.svg, caption: "By day, with 95 % intervals and the limits."),
            .table(
                header: ["Day", "Predictions", "Labeled", "Accuracy", "Verdict"],
                rows: performance.map { day in
                    [
                        .text(day.period.start.formatted(.iso8601.year().month().day())),
                        .number("\(day.predictionCount)"), .number("\(day.labeledCount)"),
                        .text(day.estimate("accuracy")?.description ?? ""), .verdict(day.verdict),
                    ]
                }),
        ]
    }

    private var biasBlocks: [HTMLPage.Block] {
        bias.flatMap { bias -> [HTMLPage.Block] in
            let chart = BarChart(
                title: "Bias to \(bias.first) over \(bias.second)", yTitle: "bias",
                categories: ["\(bias.first) over \(bias.second)"],
                series: [BarChart.Series("bias", [BarChart.Bar(bias.bias)])],
                thresholds: [PlotThreshold("limit", bias.limit), PlotThreshold("limit", -bias.limit)])
            return [
                .heading("Bias"), .badge(bias.verdict, bias.message),
                .figure(chart.svg, caption: "The bias with its interval, and the limits on both sides."),
            ]
        }
    }

    private var driftBlocks: [HTMLPage.Block] {
        guard !features.isEmpty else { return [] }
        return [.heading("Drift")]
            + features.map { feature in
                let chart = Histogram(
                    title: feature.name, xTitle: feature.name,
                    series: [
                        Histogram.Series("reference", feature.reference.filter(\.isFinite)),
                        Histogram.Series("recent", feature.recent.filter(\.isFinite)),
                    ])
                return .figure(chart.svg, caption: "\(feature.name): reference and recent values.")
            }
    }

    private var fairnessBlocks: [HTMLPage.Block] {
        fairness.flatMap { report -> [HTMLPage.Block] in
            func cell(_ estimate: Estimate?) -> HTMLPage.Cell { .text(estimate?.description ?? "undetermined") }
            return [
                .heading("Groups by \(report.tag)"),
                .table(
                    header: ["Group", "Predictions", "Predicted \(report.positive)", "Recall", "False positives"],
                    rows: report.groups.map { group in
                        [
                            .text(group.name), .number("\(group.count)"), cell(group.selectionRate),
                            cell(group.truePositiveRate), cell(group.falsePositiveRate),
                        ]
                    }),
            ]
        }
    }

    private var telemetryBlocks: [HTMLPage.Block] {
        let shown = telemetry.filter { !$0.samples.isEmpty }
        guard !shown.isEmpty else { return [] }
        return [.heading("Telemetry")]
            + shown.map { series in
                let points = series.samples.map { LineChart.Point($0.at.timeIntervalSince1970, $0.value) }
                let chart = LineChart(
                    title: series.sensor, yTitle: series.unit, xAxis: .dates,
                    series: [LineChart.Series(series.sensor, points)])
                return .figure(chart.svg, caption: "\(series.sensor), in \(series.unit).")
            }
    }

    private var eventBlocks: [HTMLPage.Block] {
        var blocks: [HTMLPage.Block] = []
        if !alerts.isEmpty {
            blocks.append(.heading("Alerts"))
            blocks.append(
                .table(
                    header: ["Time", "Severity", "Alert", "What happened"],
                    rows: alerts.map {
                        [.text($0.at.formatted(.iso8601)), .text($0.severity.rawValue), .text($0.title), .text($0.body)]
                    }))
        }
        if !decisions.isEmpty {
            blocks.append(.heading("Decisions"))
            blocks.append(
                .table(
                    header: ["Time", "Action", "Outcome", "Because of"],
                    rows: decisions.map { decision in
                        [
                            .text(decision.at.formatted(.iso8601)), .text(decision.action.rawValue),
                            .text(decision.outcome.rawValue),
                            .text(decision.reasons.map(\.check).joined(separator: ", ")),
                        ]
                    }))
        }
        return blocks
    }

    private func cell(_ verdict: Verdict?) -> HTMLPage.Cell { verdict.map { .verdict($0) } ?? "–" }
}
